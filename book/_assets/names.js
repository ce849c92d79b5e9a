// A control whose name for screen readers leaves out the words that it shows cannot be called by
// them; the theme has some. What is shown comes first then, and the theme's own name behind it.
// Icons beside a name say nothing more.
function nameControls() {
  for (const icon of document.querySelectorAll("button[aria-label] svg")) {
    icon.setAttribute("aria-hidden", "true");
    icon.removeAttribute("aria-labelledby");
    icon.querySelector("title")?.remove();
  }
  // A list of works whose items are no list items.
  for (const list of document.querySelectorAll(".citation-list[role]")) list.removeAttribute("role");
  // The logo leads to the front page, and stands outside of the list of pages.
  for (const logo of document.querySelectorAll(".sidebar-primary-item:has(> .navbar-brand)")) {
    logo.setAttribute("role", "navigation");
    logo.setAttribute("aria-label", "front page");
  }
  for (const control of document.querySelectorAll("button[aria-label], summary[aria-label]")) {
    const shown = control.textContent.replace(/\s+/g, " ").trim();
    const name = control.getAttribute("aria-label");
    if (control.tagName === "SUMMARY") control.removeAttribute("aria-label");
    else if (shown && !name.includes(shown)) control.setAttribute("aria-label", `${shown}, ${name}`);
  }
}

// What scrolls sideways on a narrow screen can be reached by the keyboard, and has a name.
function nameScrolling() {
  for (const frame of document.querySelectorAll(".cell_output:has(> img)")) {
    const scrolls = frame.scrollWidth > frame.clientWidth + 1;
    if (scrolls) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", "figure, scrolls sideways");
    } else if (frame.tabIndex === 0) {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
    }
  }
}

// Icons become drawings some time after the page is there.
window.addEventListener("load", () => {
  for (let n = 0; n < 60; n++) setTimeout(nameControls, 100 * n);
  // A picture that a live one replaces leaves a frame that no longer scrolls.
  const watcher = new ResizeObserver(nameScrolling);
  for (const frame of document.querySelectorAll(".cell_output:has(> img)")) {
    for (const part of [frame, ...frame.children]) watcher.observe(part);
  }
});
