/* The rich-text editor in the portal: Vietnamese where the editor has none, uploads with the page's own form token,
   and one dialog for pictures that asks for the words said to those who cannot see them. */
(() => {
  if (!window.CKEDITOR) {
    return;
  }
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const WORDS = {
    application: "Khung soạn",
    editorPanel: "Khung soạn",
    format: { tag_h2: "Tiêu đề lớn", tag_h3: "Tiêu đề vừa", tag_h4: "Tiêu đề nhỏ", tag_p: "Đoạn văn" },
    notification: { closed: "Đã đóng thông báo." },
    table: { caption: "Tên bảng", headers: "Ô tiêu đề", cell: { columnHeader: "Tiêu đề cột", rowHeader: "Tiêu đề hàng" } },
    uploadwidget: {
      abort: "Đã dừng tải ảnh.",
      doneOne: "Đã tải ảnh lên. Bấm đúp vào ảnh để viết mô tả.",
      doneMany: "Đã tải %1 ảnh lên. Bấm đúp vào từng ảnh để viết mô tả.",
      uploadOne: "Đang tải ảnh lên ({percentage}%)…",
      uploadMany: "Đang tải ảnh lên, xong {current} trên {max} ({percentage}%)…",
    },
    filetools: {
      loadError: "Không đọc được tệp.",
      networkError: "Mất kết nối khi tải ảnh. Hãy thử lại.",
      httpError404: "Không tải được ảnh (404).",
      httpError403: "Bạn không có quyền tải ảnh lên, hoặc phiên làm việc đã hết. Hãy mở lại trang.",
      httpError: "Không tải được ảnh (lỗi %1).",
      noUrlError: "Chưa có địa chỉ nhận ảnh.",
      responseError: "Máy chủ trả lời không đúng. Hãy thử lại.",
    },
  };
  const merge = (into, words) => {
    for (const [key, value] of Object.entries(words)) {
      if (typeof value === "string") {
        into[key] = value;
      } else if (into[key]) {
        merge(into[key], value);
      }
    }
  };

  /* A table of this portal: its first row heads the columns; how it looks is not the writer's to set. */
  CKEDITOR.on("dialogDefinition", ({ data: { name, definition } }) => {
    if (name === "table" || name === "tableProperties") {
      const info = definition.getContents("info");
      for (const unused of ["txtBorder", "cmbAlign", "txtWidth", "txtHeight", "txtCellSpace", "txtCellPad", "txtSummary"]) {
        info.remove(unused);
      }
      info.get("selHeaders").default = "row";
    }
  });

  /* What comes from elsewhere knows six levels of headings; a text here has three, below the page's own. */
  const levelled = (html) =>
    html.replace(/<(\/?)h1\b/gi, "<$1h2").replace(/<(\/?)h[56]\b/gi, "<$1h4");

  CKEDITOR.on("instanceCreated", ({ editor }) => {
    editor.on("configLoaded", () => {
      editor.config.fileTools_requestHeaders = { "X-CSRFToken": token() };
    });
    editor.on("fileUploadRequest", ({ data: { fileLoader } }) => {
      /* The server says in words why it refuses a picture; the editor would only give the number. */
      fileLoader.on("error", () => {
        try {
          fileLoader.message = JSON.parse(fileLoader.xhr.responseText).error.message;
        } catch {
          /* no words: the editor's own stay */
        }
      }, null, null, 1);
      /* Its "done" is said of a refused picture as well. */
      fileLoader.on("error", () => editor._.uploadWidgetNotificaionAggregator?.notification?.hide(), null, null, 20);
    });
    editor.on("paste", ({ data }) => {
      data.dataValue = levelled(data.dataValue);
    }, null, null, 5);
    editor.on("langLoaded", () => merge(editor.lang, WORDS));
    editor.on("pluginsLoaded", () => merge(editor.lang, WORDS));
  });

  /* Pictures ---------------------------------------------------------------------------------------------------- */

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const field = (label, input) => element("label", { class: "picturebox__field" }, element("span", {}, label), input);

  class PictureBox {
    constructor(editor) {
      this.editor = editor;
      this.file = element("input", { type: "file", accept: "image/jpeg,image/png,image/webp" });
      this.search = element("input", { type: "search", placeholder: "Tìm theo mô tả", "aria-label": "Tìm trong thư viện ảnh" });
      this.list = element("div", { class: "picturebox__list" });
      this.alt = element("textarea", { rows: 2, maxlength: 250, required: "" });
      this.credit = element("input", { type: "text", maxlength: 150 });
      this.problem = element("p", { class: "picturebox__problem", role: "alert" });
      this.send = element("button", { type: "submit", class: "button default" }, "Chèn ảnh");
      const close = element("button", { type: "button", class: "button" }, "Đóng");
      const title = element("h2", { id: "hop-anh" }, "Ảnh trong bài");
      this.source = element(
        "div",
        { class: "picturebox__source" },
        field("Tải ảnh mới lên (JPEG, PNG, WebP, tối đa 10 MB)", this.file),
        element("p", {}, "hoặc chọn trong thư viện:"),
        this.search,
        this.list,
      );
      this.creditField = field("Nguồn ảnh (nếu có)", this.credit);
      const form = element(
        "form",
        { novalidate: "" },
        title,
        this.source,
        field("Mô tả cho người không nhìn thấy ảnh (bắt buộc)", this.alt),
        this.creditField,
        this.problem,
        element("p", { class: "picturebox__actions" }, this.send, close),
      );
      this.dialog = element("dialog", { class: "picturebox", "aria-labelledby": "hop-anh" }, form);
      document.body.append(this.dialog);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.finish();
      });
      close.addEventListener("click", () => this.dialog.close());
      this.search.addEventListener("input", () => this.load());
      this.search.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
        }
      });
      this.file.addEventListener("change", () => this.choose(null));
    }

    open(image) {
      const selection = this.editor.getSelection();
      this.ranges = selection ? selection.getRanges() : [];
      this.image = image;
      this.file.value = this.search.value = this.credit.value = this.problem.textContent = "";
      this.alt.value = image ? image.getAttribute("alt") || "" : "";
      this.source.hidden = this.creditField.hidden = Boolean(image);
      this.send.textContent = image ? "Ghi mô tả" : "Chèn ảnh";
      this.chosen = null;
      this.dialog.showModal();
      if (image) {
        this.alt.focus();
      } else {
        this.load();
      }
    }

    async load() {
      const query = this.search.value;
      const address = `${this.editor.config.pictureLibraryUrl}?q=${encodeURIComponent(query)}`;
      const answer = await fetch(address).catch(() => null);
      if (query !== this.search.value) {
        return;
      }
      if (!answer?.ok) {
        this.list.textContent = "Không mở được thư viện ảnh.";
        return;
      }
      const { images } = await answer.json();
      const buttons = images.map((image) => {
        const picture = element("img", { src: image.small, alt: image.alt || "Ảnh chưa có mô tả", loading: "lazy" });
        const button = element("button", { type: "button", "aria-pressed": "false" }, picture);
        button.addEventListener("click", () => this.choose(image, button));
        return button;
      });
      this.list.replaceChildren(...(buttons.length ? buttons : ["Không có ảnh nào."]));
    }

    choose(image, button) {
      this.chosen = image;
      for (const each of this.list.querySelectorAll("button")) {
        each.setAttribute("aria-pressed", String(each === button));
      }
      if (image) {
        this.file.value = "";
        this.alt.value = image.alt;
      }
      this.creditField.hidden = Boolean(image);
    }

    async finish() {
      const alt = this.alt.value.trim();
      const file = this.file.files[0];
      this.problem.textContent = "";
      if (!this.image && !this.chosen && !file) {
        this.problem.textContent = "Hãy chọn một ảnh.";
      } else if (!alt) {
        this.problem.textContent = "Hãy viết mô tả ảnh: người không nhìn thấy sẽ nghe mô tả này.";
        this.alt.focus();
      } else if (this.image) {
        this.image.setAttribute("alt", alt);
        this.editor.fire("change");
        this.dialog.close();
      } else {
        this.send.disabled = true;
        const image = this.chosen || (await this.upload(file, alt));
        this.send.disabled = false;
        if (image) {
          this.dialog.close();
          this.insert(image, alt);
        }
      }
    }

    async upload(file, alt) {
      const data = new FormData();
      data.append("upload", file);
      data.append("alt", alt);
      data.append("credit", this.credit.value);
      const request = { method: "POST", body: data, headers: { "X-CSRFToken": token() } };
      const answer = await fetch(this.editor.config.imageUploadUrl, request).catch(() => null);
      const result = await answer?.json().catch(() => null);
      if (!result?.uploaded) {
        this.problem.textContent = result?.error?.message || WORDS.filetools.networkError;
        return null;
      }
      return result;
    }

    insert({ url, width, height }, alt) {
      this.editor.focus();
      if (this.ranges.length) {
        this.editor.getSelection().selectRanges(this.ranges);
      }
      const image = this.editor.document.createElement("img", { attributes: { src: url, alt, width, height } });
      this.editor.insertElement(image);
    }
  }

  CKEDITOR.plugins.add("picture", {
    init(editor) {
      let box = null;
      const open = (image) => {
        box = box || new PictureBox(editor);
        box.open(image);
      };
      const asImage = (found) => (found?.is("img") && !found.isReadOnly() ? found : null);
      editor.addCommand("picture", {
        allowedContent: "img[!src,alt,width,height]",
        requiredContent: "img[src]",
        exec: () => open(asImage(editor.getSelection()?.getSelectedElement())),
      });
      editor.ui.addButton("Picture", { label: "Ảnh", command: "picture", toolbar: "insert", icon: "image" });
      editor.on("doubleclick", (event) => {
        const image = asImage(event.data.element);
        if (image) {
          open(image);
        }
      });
    },
  });

  /* Videos ------------------------------------------------------------------------------------------------------ */

  /* The hosts the portal shows a player of; parcai/lib/video.py decides, this only answers at once. */
  const VIDEO_LINKS = [
    /^https?:\/\/(?:(?:www\.|m\.)?youtube\.com\/watch\/?\?(?:[^#]*&)?v=|youtu\.be\/|(?:www\.|m\.)?youtube\.com\/(?:shorts|live|embed)\/|(?:www\.)?youtube-nocookie\.com\/embed\/)[\w-]{11}(?:[/?&#]|$)/i,
    /^https?:\/\/(?:(?:www\.)?vimeo\.com\/|player\.vimeo\.com\/video\/)\d{1,12}\/?(?:[?#]|$)/i,
  ];

  class VideoBox {
    constructor(editor) {
      this.editor = editor;
      this.address = element("input", { type: "url", maxlength: 500, required: "", placeholder: "https://" });
      this.words = element("input", { type: "text", maxlength: 200, required: "" });
      this.problem = element("p", { class: "picturebox__problem", role: "alert" });
      const close = element("button", { type: "button", class: "button" }, "Đóng");
      const form = element(
        "form",
        { novalidate: "" },
        element("h2", { id: "hop-video" }, "Video trong bài"),
        element("p", {}, "Dán đường dẫn của video trên YouTube hoặc Vimeo. Người đọc thấy một khung có tên video; video chỉ được tải khi họ bấm."),
        field("Đường dẫn đến video", this.address),
        field("Tên video", this.words),
        this.problem,
        element("p", { class: "picturebox__actions" }, element("button", { type: "submit", class: "button default" }, "Chèn video"), close),
      );
      this.dialog = element("dialog", { class: "picturebox", "aria-labelledby": "hop-video" }, form);
      document.body.append(this.dialog);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.finish();
      });
      close.addEventListener("click", () => this.dialog.close());
    }

    open() {
      const selection = this.editor.getSelection();
      this.ranges = selection ? selection.getRanges() : [];
      this.words.value = selection?.getSelectedText().trim().slice(0, 200) || "";
      this.address.value = this.problem.textContent = "";
      this.dialog.showModal();
      this.address.focus();
    }

    finish() {
      const address = this.address.value.trim();
      const words = this.words.value.trim();
      if (!VIDEO_LINKS.some((link) => link.test(address))) {
        this.problem.textContent = "Đường dẫn này không phải của một video trên YouTube hoặc Vimeo. Hãy mở video ở đó rồi chép đường dẫn của trang.";
        this.address.focus();
      } else if (!words) {
        this.problem.textContent = "Hãy viết tên video.";
        this.words.focus();
      } else {
        this.dialog.close();
        this.insert(address, words);
      }
    }

    insert(address, words) {
      this.editor.focus();
      if (this.ranges.length) {
        this.editor.getSelection().selectRanges(this.ranges);
      }
      const { htmlEncode, htmlEncodeAttr } = CKEDITOR.tools;
      this.editor.insertHtml(`<p><a href="${htmlEncodeAttr(address)}">${htmlEncode(words)}</a></p><p></p>`);
    }
  }

  CKEDITOR.plugins.add("videolink", {
    init(editor) {
      let box = null;
      editor.addCommand("videolink", {
        allowedContent: "p; a[!href]",
        requiredContent: "a[href]",
        exec: () => {
          box = box || new VideoBox(editor);
          box.open();
        },
      });
      const icon = CKEDITOR.getUrl("../../img/editor-video.svg");
      editor.ui.addButton("Video", { label: "Video", command: "videolink", toolbar: "insert", icon });
    },
  });
})();
