/* The form of a piece: keeps what is typed in a slot of its own, says who else has it open, counts words. Everything
   works without it: then one saves by the button, and is told at saving when somebody else was first. */
document.addEventListener("DOMContentLoaded", () => {
  const about = document.querySelector("[data-editing]");
  const form = about?.closest("form");
  if (!form) {
    return;
  }
  const EVERY = 15_000;
  const SEEN_EVERY = 30_000;
  const WORDS_A_MINUTE = 220;
  const line = form.querySelector("[data-autosaved]");
  const others = about.querySelector("[data-others]");
  const newer = about.querySelector("[data-newer]");
  const seen = form.querySelector("[name=seen_version]");
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;

  const editors = () => Object.values(window.CKEDITOR?.instances ?? {});
  const typed = () => {
    for (const editor of editors()) {
      if (editor.checkDirty()) {
        editor.updateElement();
      }
    }
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    for (const [name, value] of [...data]) {
      if (value instanceof File) {
        data.delete(name);
      }
    }
    return new URLSearchParams(data).toString();
  };
  const post = (url, body) =>
    fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), "Content-Type": "application/x-www-form-urlencoded" },
    });

  let before = null;
  let leaving = false;
  let sending = false;
  const keep = async () => {
    if (leaving || sending || before === null) {
      return;
    }
    const now = typed();
    if (now === before) {
      return;
    }
    sending = true;
    try {
      const answer = await post(about.dataset.autosave, now);
      const found = await answer.json();
      if (answer.ok) {
        before = now;
        line.textContent = `Đã giữ tạm phần đang soạn lúc ${found.saved_at} (chưa lưu vào bài).`;
      } else {
        line.textContent = found.error || "Chưa giữ tạm được phần đang soạn. Hãy bấm Lưu.";
      }
    } catch {
      line.textContent = "Mất kết nối: chưa giữ tạm được phần đang soạn. Cổng sẽ thử lại.";
    } finally {
      sending = false;
    }
  };

  const look = async () => {
    if (leaving || document.hidden) {
      return;
    }
    try {
      const answer = await post(about.dataset.presence, "");
      if (!answer.ok) {
        return;
      }
      const found = await answer.json();
      others.hidden = !found.others.length;
      others.querySelector("[data-names]").textContent = found.others.join(", ");
      newer.hidden = !seen || Number(seen.value) === found.version;
    } catch {
      /* The next look tells. */
    }
  };

  form.addEventListener("submit", () => {
    leaving = true;
  });
  if (about.dataset.autosave) {
    /* The editors settle first: laying out a text is no typing. */
    window.setTimeout(() => {
      before = typed();
    }, 2_000);
    window.setInterval(keep, EVERY);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) {
        keep();
      }
    });
  }
  if (about.dataset.presence) {
    window.setInterval(look, SEEN_EVERY);
  }

  /* How long the text is, while it grows. */
  const count = (editor) => {
    const words = (editor.editable()?.getText() ?? "").split(/\s+/).filter(Boolean).length;
    const minutes = Math.max(1, Math.round(words / WORDS_A_MINUTE));
    editor.counted.textContent = words ? `${words.toLocaleString("vi")} chữ, đọc khoảng ${minutes} phút` : "Chưa có chữ nào";
  };
  const follow = (editor) => {
    editor.counted = document.createElement("p");
    editor.counted.className = "help counted";
    editor.container.getParent().$.append(editor.counted);
    count(editor);
    editor.on("change", () => count(editor));
  };
  window.addEventListener("load", () => {
    /* Whichever script came first: here the editor is known, ready or on its way. */
    for (const editor of editors()) {
      if (editor.status === "ready") {
        follow(editor);
      }
    }
    window.CKEDITOR?.on("instanceReady", ({ editor }) => follow(editor));
  });
});
