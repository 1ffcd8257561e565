// Keys of the desk: elements say by data-key which key is theirs (moderation/keys.py). Without this file, and for
// those who switched keys off, every one of them is a link, a button or a field all the same.
"use strict";

{
  const dialog = document.querySelector("dialog.keys");
  const WRITTEN = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit], [type=button])";
  const rows = () => [...document.querySelectorAll(".queue__title a")];
  const isShown = (element) => element.getClientRects().length > 0;

  // On a Korean keyboard j arrives as ㅓ: then the place of the key says which letter it is.
  const letter = (event) => {
    if (/^[\x20-\x7e]$/.test(event.key)) return event.key.toLowerCase();
    return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  };

  const walk = (by) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next].focus();
    return true;
  };

  const search = () => {
    const field = document.querySelector(".filters :is(input:not([type=hidden]), select)");
    if (field) field.focus();
    return Boolean(field);
  };

  const open = (summary) => {
    const details = summary.closest("details");
    details.open = true;
    const field = [...details.querySelectorAll("textarea, select, input, button")].find(
      (one) => one.type !== "hidden" && isShown(one)
    );
    (field || summary).focus();
  };

  const press = (element) => {
    if (element.matches("summary")) open(element);
    else if (element.matches("[data-waits]")) element.focus(); // a key brings there, Enter does it
    else {
      element.focus();
      if (!element.matches("textarea, select, [type=checkbox]")) element.click();
    }
  };

  const show = () => {
    dialog.showModal();
    dialog.querySelector("button").focus();
  };

  const leave = (field) => {
    const around = field.closest("[tabindex='-1']") || document.querySelector("main");
    around.focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (!dialog || dialog.open || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches(WRITTEN)) {
      if (event.key === "Escape") leave(event.target);
      return;
    }
    const key = letter(event);
    const done =
      (key === "j" && walk(1)) || (key === "k" && walk(-1)) || (key === "/" && search());
    const element = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isShown);
    if (!done && !element) return;
    event.preventDefault();
    if (!done) press(element);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens=keys]");
    if (!opener || !dialog) return;
    event.preventDefault();
    opener.focus(); // the browser comes back to it when the dialog closes
    show();
  });

  // From one page of the desk to the next, the focus goes to what is new: a mistake that was found, or the heading.
  const came = /\/organize\/(case|queue)\//.test(document.referrer);
  const alarm = document.querySelector("main form .notice--alarm[role=alert], main .notice--alarm[role=alert]");
  const heading = alarm || document.querySelector("h1");
  if ((came || alarm) && heading && !location.hash && document.activeElement === document.body) {
    heading.tabIndex = -1;
    heading.focus();
  }
}
