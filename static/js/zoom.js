// A picture looked at closely: wheel, pinch, drag, buttons and keys. Without this file, a link shows it by itself.
"use strict";

{
  const MOST = 8;
  const STEP = 1.5;
  const MOVE = 60; // pixels an arrow key

  for (const frame of document.querySelectorAll("[data-zoom]")) {
    const picture = frame.querySelector("img");
    const figure = frame.closest("figure");
    const tools = figure.querySelector("[data-zoom-tools]");
    const says = tools.querySelector("[data-zoom-says]");
    const fingers = new Map();
    let scale = 1, x = 0, y = 0, apart = 0;

    const draw = () => {
      const wide = (picture.offsetWidth * (scale - 1)) / 2;
      const high = (picture.offsetHeight * (scale - 1)) / 2;
      x = Math.min(Math.max(x, -wide), wide);
      y = Math.min(Math.max(y, -high), high);
      picture.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
      frame.classList.toggle("is-zoomed", scale > 1);
      says.textContent = `${Math.round(scale * 100)} %`;
    };
    // The point under the pointer stays where it is.
    const zoom = (to, at) => {
      const next = Math.min(Math.max(to, 1), MOST);
      const box = frame.getBoundingClientRect();
      const px = at ? at.clientX - box.left - box.width / 2 : 0;
      const py = at ? at.clientY - box.top - box.height / 2 : 0;
      x = px - ((px - x) * next) / scale;
      y = py - ((py - y) * next) / scale;
      scale = next;
      draw();
    };
    const whole = () => zoom(1);
    const move = (dx, dy) => {
      x += dx;
      y += dy;
      draw();
    };

    tools.querySelector("[data-zoom-in]").addEventListener("click", () => zoom(scale >= MOST ? 1 : scale * STEP));
    tools.querySelector("[data-zoom-out]").addEventListener("click", () => zoom(scale / STEP));
    tools.querySelector("[data-zoom-whole]").addEventListener("click", whole);

    const keys = {
      "+": () => zoom(scale * STEP),
      "=": () => zoom(scale * STEP),
      "-": () => zoom(scale / STEP),
      0: whole,
      ArrowLeft: () => move(MOVE, 0),
      ArrowRight: () => move(-MOVE, 0),
      ArrowUp: () => move(0, MOVE),
      ArrowDown: () => move(0, -MOVE),
    };
    figure.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      const arrows = event.key.startsWith("Arrow");
      if (!act || event.ctrlKey || event.metaKey || event.altKey || (arrows && scale === 1)) return;
      event.preventDefault();
      act();
    });

    // The page still scrolls by the wheel until the picture is larger, or Ctrl says that it is meant.
    frame.addEventListener("wheel", (event) => {
      if (scale === 1 && !event.ctrlKey) return;
      event.preventDefault();
      zoom(scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2), event);
    }, { passive: false });
    frame.addEventListener("dblclick", (event) => zoom(scale > 1 ? 1 : 2.5, event));

    frame.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, event);
      apart = 0;
      if (scale > 1 || fingers.size > 1) frame.setPointerCapture(event.pointerId);
    });
    frame.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      fingers.set(event.pointerId, event);
      if (fingers.size === 1 && scale > 1) move(event.clientX - before.clientX, event.clientY - before.clientY);
      if (fingers.size !== 2) return;
      const [one, two] = [...fingers.values()];
      const now = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
      if (apart) {
        zoom((scale * now) / apart, { clientX: (one.clientX + two.clientX) / 2, clientY: (one.clientY + two.clientY) / 2 });
      }
      apart = now;
    });
    for (const over of ["pointerup", "pointercancel", "lostpointercapture"]) {
      frame.addEventListener(over, (event) => fingers.delete(event.pointerId));
    }
    picture.draggable = false;
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", tools.getAttribute("aria-label"));
    window.addEventListener("resize", draw);

    tools.hidden = false;
    figure.querySelector("[data-zoom-instead]").hidden = true;
  }
}
