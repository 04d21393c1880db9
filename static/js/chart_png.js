// 存为图片: a drawn chart, or bars from the JSON beside a table, as a PNG of fixed size with its title. The button shows
// only where this script runs; the same numbers stand in the table and in its XLSX.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const WIDTH = 1200, HEIGHT = 560;

function drawn(button) {
  const chart = window.echarts.getInstanceByDom(document.getElementById(button.dataset.png));
  return chart ? chart.getOption() : null;
}

function bars(id) {
  const { names, values, labels } = JSON.parse(document.getElementById(id).textContent);
  const ink = colour('--ink-soft');
  return {
    xAxis: { type: 'value', minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: colour('--chart-grid') } } },
    yAxis: { type: 'category', inverse: true, data: names, axisLabel: { color: ink, fontSize: 15 } },
    series: [{ type: 'bar', barMaxWidth: 26, itemStyle: { color: colour('--chart-value') }, data: values, label: { show: true, position: 'right', color: ink, fontSize: 15, formatter: (bar) => labels[bar.dataIndex] } }],
  };
}

function picture(option, title) {
  const place = document.createElement('div');
  const chart = window.echarts.init(place, null, { renderer: 'canvas', width: WIDTH, height: HEIGHT });
  chart.setOption({
    ...option,
    animation: false,
    tooltip: undefined,
    title: { text: title, left: 24, top: 18, textStyle: { color: colour('--ink'), fontSize: 22 } },
    grid: { left: 40, right: 110, top: 84, bottom: 36, containLabel: true },
  });
  const address = chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: '#fff' });
  chart.dispose();
  return address;
}

function save(address, name) {
  const bytes = Uint8Array.from(atob(address.split(',')[1]), (letter) => letter.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'image/png' }));
  link.download = `${name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// The map: an SVG whose colours come from the style sheet; a copy carries them with it into the picture.
const CARRIED = ['fill', 'stroke', 'stroke-width', 'opacity', 'font-size', 'font-family', 'text-anchor', 'paint-order'];

function saveSvg(button) {
  const drawn = document.getElementById(button.dataset.svg), copy = drawn.cloneNode(true);
  const originals = drawn.querySelectorAll('path, circle, rect, text');
  copy.querySelectorAll('path, circle, rect, text').forEach((part, at) => {
    const style = getComputedStyle(originals[at]);
    for (const name of CARRIED) if (!(name === 'fill' && part.hasAttribute('fill'))) part.setAttribute(name, style.getPropertyValue(name));
  });
  const { width, height } = drawn.viewBox.baseVal, scale = 2, head = 72;
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = width * scale;
    canvas.height = (height + head) * scale;
    const pen = canvas.getContext('2d');
    pen.scale(scale, scale);
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, width, height + head);
    pen.fillStyle = colour('--ink');
    pen.font = `20px ${getComputedStyle(document.body).fontFamily}`;
    pen.fillText(button.dataset.title, 12, 30);
    pen.font = pen.font.replace('20px', '14px');
    pen.fillText(drawn.getAttribute('aria-label'), 12, 56);
    pen.drawImage(image, 0, head, width, height);
    save(canvas.toDataURL('image/png'), button.dataset.file);
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
}

// htmx says it of the page itself, and of the map that comes once somebody scrolls to it
document.addEventListener('htmx:load', (event) => {
  for (const button of event.target.querySelectorAll('button[data-svg]')) {
    button.hidden = false;
    button.addEventListener('click', () => saveSvg(button));
  }
});

if (window.echarts) {
  for (const button of document.querySelectorAll('button[data-png], button[data-bars]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const option = button.dataset.bars ? bars(button.dataset.bars) : drawn(button);
      if (option) save(picture(option, button.dataset.title), button.dataset.file);
    });
  }
}
