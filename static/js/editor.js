/* Pictures pasted or dropped into the editor are uploaded with the page's own form token. */
(() => {
  if (!window.CKEDITOR) {
    return;
  }
  CKEDITOR.on("instanceCreated", ({ editor }) => {
    editor.on("configLoaded", () => {
      const token = document.querySelector("[name=csrfmiddlewaretoken]");
      if (token) {
        editor.config.fileTools_requestHeaders = { "X-CSRFToken": token.value };
      }
    });
  });
})();
