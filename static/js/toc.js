"use strict";
// The table of contents follows the reading: the section that is being read is marked.
(() => {
  const contents = document.querySelector(".toc");
  const margin = contents.parentElement;
  const links = new Map(); // heading → its link, in the order of the text
  for (const link of contents.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const headings = [...links.keys()];
  const passed = new Set(); // headings above the line where eyes rest
  let atEnd = false; // where short sections never reach that line
  let marked;
  const mark = () => {
    const heading = atEnd ? headings.at(-1) : headings.findLast((one) => passed.has(one));
    const link = links.get(heading);
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    marked = link;
    if (!link || margin.scrollHeight <= margin.clientHeight) return;
    const [box, frame] = [link.getBoundingClientRect(), margin.getBoundingClientRect()]; // its own scrolling, not the page's
    if (box.top < frame.top || box.bottom > frame.bottom) margin.scrollTop += box.top - frame.top - frame.height / 2;
  };
  const line = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) passed[isIntersecting ? "add" : "delete"](target);
      mark();
    },
    { rootMargin: "10000000px 0px -70% 0px" },
  );
  for (const heading of headings) line.observe(heading);
  const end = document.querySelector(".post > footer");
  new IntersectionObserver(([entry]) => {
    atEnd = entry.isIntersecting || entry.boundingClientRect.top < 0;
    mark();
  }, { rootMargin: "0px 0px -40% 0px" }).observe(end);
})();
