/* Words chosen in the original go into the form that masks them. Without this file they are typed or pasted. */
(() => {
  const original = document.querySelector("[data-original]");
  const form = document.querySelector("[data-mask-form]");
  if (!original || !form) {
    return;
  }
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    const words = chosen ? chosen.toString().trim() : "";
    if (!words || words.length > 2000 || !chosen.anchorNode || !chosen.focusNode) {
      return;
    }
    const place = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("[data-part]");
    const part = place(chosen.anchorNode);
    if (part && original.contains(part) && part === place(chosen.focusNode)) {
      form.elements.words.value = words;
      form.elements.field.value = part.dataset.part;
    }
  });
})();
