// Keys for people who like them; every page works without. "/" searches, arrow keys turn pages, and a marked number scrolls into view.
"use strict";
document.addEventListener("keydown", function (event) {
  var field = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey || field) { return; }
  if (event.key === "/") {
    var box = document.querySelector("main input[type=search]") || document.getElementById("quick");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  }
  var turn = event.key === "ArrowLeft" ? "prev" : event.key === "ArrowRight" ? "next" : "";
  var link = turn && document.querySelector("a[rel=" + turn + "]");
  if (link) { link.click(); }
});
var marked = document.querySelector(".sheet .number, .target");
if (marked && !location.hash) { marked.scrollIntoView({ block: "center", inline: "center", behavior: "instant" }); }
