// Draws a trend from the JSON beside it. Colours come from the page's own custom properties; the table below has the
// same digits, so that nothing is lost where no script runs.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function series(data) {
  const labels = data.points.map((point) => point.label);
  const values = data.points.map((point) => point.value);
  const planned = data.points.map((point) => point.planned);
  const ahead = data.target && data.projected !== null && data.projected !== undefined;
  const goal = data.target && data.target.is_ahead;
  if (goal) {
    labels.push(data.target.label);
    values.push(null);
    planned.push(data.target.value);
  }
  const last = data.points.length - 1;
  const projection = ahead && goal ? labels.map((_, at) => (at === last ? values[last] : at === last + 1 ? data.projected : null)) : [];
  return { labels, values, planned, projection, last };
}

function options(data) {
  const { labels, values, planned, projection, last } = series(data);
  const value = colour('--chart-value'), target = colour('--chart-target'), ink = colour('--ink-soft');
  const known = [...values, ...planned, ...projection].filter((number) => number !== null && number !== undefined);
  const low = Math.floor((Math.min(...known) - 1) / 2) * 2, high = Math.min(100, Math.ceil((Math.max(...known) + 1) / 2) * 2);
  const label = (text, where) => ({ show: true, position: where, color: ink, fontSize: 13, formatter: text });
  return {
    animation: false,
    aria: { enabled: false },
    grid: { left: 8, right: 72, top: 24, bottom: 4, containLabel: true },
    tooltip: { trigger: 'axis', renderMode: 'richText', valueFormatter: (number) => (number === null || number === undefined ? '—' : `${number.toFixed(2)}%`) },
    xAxis: { type: 'category', data: labels, boundaryGap: false, axisLine: { lineStyle: { color: colour('--line-strong') } }, axisTick: { show: false }, axisLabel: { color: ink, hideOverlap: true } },
    yAxis: { type: 'value', min: Math.max(0, low), max: high, splitLine: { lineStyle: { color: colour('--chart-grid') } }, axisLabel: { color: ink, formatter: '{value}%' } },
    series: [
      {
        name: '完成值', type: 'line', data: values.map((number, at) => (at === last ? { value: number, label: label(`${number === null ? '' : number.toFixed(2)}%`, 'bottom') } : number)),
        symbol: 'circle', symbolSize: 7, lineStyle: { color: value, width: 3 }, itemStyle: { color: value },
      },
      { name: '目标路径', type: 'line', data: planned, symbol: 'none', lineStyle: { color: target, width: 1.75, type: 'dashed' }, itemStyle: { color: target }, endLabel: data.target ? label(`目标 ${data.target.value}%`, 'right') : undefined },
      { name: '按目前进度', type: 'line', data: projection, symbol: 'circle', symbolSize: 7, lineStyle: { color: value, width: 2.5, type: 'dotted' }, itemStyle: { color: value } },
    ],
  };
}

for (const place of document.querySelectorAll('[data-chart]')) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  if (!window.echarts || !data.points.some((point) => point.value !== null)) continue;
  const chart = window.echarts.init(place, null, { renderer: 'svg' });
  chart.setOption(options(data));
  new ResizeObserver(() => chart.resize()).observe(place);
}
