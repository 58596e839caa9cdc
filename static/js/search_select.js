/* A long list becomes one that can be typed into, accents or not; each such box says the name of its field. */
(() => {
  const { jQuery } = window.django;
  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const label = document.querySelector(`label[for="${select.id}"]`);
      if (label) {
        const box = jQuery(select).data("select2").$selection;
        const shown = box.find(".select2-selection__rendered");
        label.id ||= `${select.id}_label`;
        box.attr("aria-labelledby", `${label.id} ${shown.attr("id")}`);
        shown.attr("aria-labelledby", label.id);
        box.find(".select2-search__field").attr("aria-labelledby", label.id); /* of a list of several */
      }
    }
  };
  jQuery(() => {
    jQuery("select[data-search-select]").select2({ language: "vi", width: "resolve" });
    setTimeout(nameBoxes); /* after the admin has made its own */
  });
})();
