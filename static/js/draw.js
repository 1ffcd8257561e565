// A region drawn over a picture. Without this file, four fields say where it is.
"use strict";

{
  const figure = document.querySelector("[data-drawing]");
  const field = (name) => document.querySelector(`[data-draw="${name}"]`);

  if (figure && field("left")) {
    const picture = figure.querySelector("img");
    const outlines = figure.querySelectorAll("polygon");
    let start = null;

    const show = () => {
      const [left, top, width, height] = ["left", "top", "width", "height"].map((name) => Number(field(name).value) * 10);
      const points = `${left},${top} ${left + width},${top} ${left + width},${top + height} ${left},${top + height}`;
      for (const one of outlines) one.setAttribute("points", points);
    };
    const at = (event) => {
      const box = picture.getBoundingClientRect();
      const share = (value, from, size) => Math.min(Math.max((value - from) / size, 0), 1) * 100;
      return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
    };
    const write = (from, to) => {
      const low = from.map((value, axis) => Math.min(value, to[axis], 99));
      const long = from.map((value, axis) => Math.min(Math.max(Math.abs(value - to[axis]), 1), 100 - low[axis]));
      [field("left").value, field("top").value] = low.map((value) => value.toFixed(1));
      [field("width").value, field("height").value] = long.map((value) => value.toFixed(1));
      show();
    };

    figure.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.target.closest(".outlined")) return;
      event.preventDefault();
      start = at(event);
      figure.setPointerCapture(event.pointerId);
    });
    figure.addEventListener("pointermove", (event) => start && write(start, at(event)));
    figure.addEventListener("pointerup", () => (start = null));
    figure.addEventListener("pointercancel", () => (start = null));
    for (const name of ["left", "top", "width", "height"]) field(name).addEventListener("input", show);
    figure.classList.add("is-drawable");
    figure.querySelector("[data-drawing-hint]").hidden = false;
  }
}
