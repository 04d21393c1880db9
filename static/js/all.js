// 全选: one box ticks or clears the boxes of its form whose name is in data-all. Without script each is ticked by hand.
for (const place of document.querySelectorAll("[data-all]")) {
  const whole = place.querySelector("input");
  const boxes = [...place.closest("form").querySelectorAll(`input[type=checkbox][name="${CSS.escape(place.dataset.all)}"]`)];
  const settle = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    whole.checked = boxes.length > 0 && ticked === boxes.length;
    whole.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  whole.addEventListener("change", () => boxes.forEach((box) => { box.checked = whole.checked; }));
  boxes.forEach((box) => box.addEventListener("change", settle));
  addEventListener("pageshow", settle); // ticks that the browser brought back
  settle();
  place.hidden = boxes.length < 2;
}
