// A work laid over an entry: fade from one to the other, or blink between them. Without this file, half of each.
"use strict";

{
  const BLINK = 700; // milliseconds a picture: under three changes a second
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  for (const figure of document.querySelectorAll("[data-laid]")) {
    const work = figure.querySelector("[data-laid-work]");
    const fade = figure.querySelector("[data-laid-fade]");
    const blink = figure.querySelector("[data-laid-blink]");
    const swap = figure.querySelector("[data-laid-swap]");
    let clock = 0;

    const show = (percent) => {
      fade.value = percent;
      work.style.opacity = String(percent / 100);
    };
    const other = () => show(Number(fade.value) > 50 ? 0 : 100);
    const stop = () => {
      window.clearInterval(clock);
      clock = 0;
      blink.setAttribute("aria-pressed", "false");
    };
    const start = () => {
      other();
      clock = window.setInterval(other, BLINK);
      blink.setAttribute("aria-pressed", "true");
    };
    // Who asked for less motion changes the pictures by hand only.
    const settle = () => {
      stop();
      blink.hidden = still.matches;
    };

    fade.addEventListener("input", () => {
      stop();
      show(Number(fade.value));
    });
    blink.addEventListener("click", () => (clock ? stop() : start()));
    swap.addEventListener("click", () => {
      stop();
      other();
    });
    figure.closest("details").addEventListener("toggle", stop);
    still.addEventListener("change", settle);

    settle();
    show(Number(fade.value));
    figure.querySelector("[data-laid-tools]").hidden = false;
  }
}
