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
  const AROUND = 5_000; /* letters of a form that are not typed */
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
  /* The form stays open for hours: a sign-in may have ended meanwhile, or begun anew in another tab, with a new token. */
  const renewToken = async () => {
    const answer = await fetch(window.location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-editing]")?.closest("form")?.querySelector("[name=csrfmiddlewaretoken]");
    for (const field of fresh ? document.querySelectorAll("[name=csrfmiddlewaretoken]") : []) {
      field.value = fresh.value;
    }
    return answer.redirected ? "session" : fresh ? "" : "refused";
  };
  /* What the portal said, or `why` it said nothing of use. */
  const post = async (url, body, again = true) => {
    if (body.length + AROUND > Number(about.dataset.most)) {
      return { why: "size" };
    }
    try {
      const answer = await fetch(url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token(), "Content-Type": "application/x-www-form-urlencoded" },
      });
      if (answer.redirected || answer.status === 401) {
        return { why: "session" };
      }
      if (answer.status === 403) {
        const why = again ? await renewToken() : "refused";
        return why ? { why } : post(url, body, false);
      }
      if (answer.status >= 500) {
        return { why: "busy" };
      }
      const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
      return isOurs ? await answer.json() : { why: answer.status === 413 ? "size" : "refused" };
    } catch {
      return { why: "line" };
    }
  };
  const WHY = {
    session: "Phiên làm việc đã hết nên cổng chưa nhận được. Chữ bạn gõ vẫn còn nguyên ở trang này, xin đừng đóng trang. Hãy đăng nhập lại ở thẻ mới rồi quay về đây bấm Lưu.",
    size: "Nội dung quá dài nên cổng không nhận được. Chữ bạn gõ vẫn còn ở trang này: hãy bớt phần dán từ nơi khác hoặc chia thành nhiều bài rồi bấm Lưu.",
    busy: "Máy chủ đang bận nên cổng chưa nhận được. Chữ bạn gõ vẫn còn ở trang này; hãy thử lại sau ít phút.",
    refused: "Cổng không nhận: có thể bạn không còn quyền sửa, hoặc nội dung này đã đổi trạng thái hay không còn. Chữ bạn gõ vẫn còn ở trang này; hãy chép ra nơi khác rồi mở lại trang.",
    line: "Mất kết nối nên cổng chưa nhận được. Chữ bạn gõ vẫn còn ở trang này; cổng sẽ tự thử lại.",
  };
  const tell = (words, why = "") => {
    line.textContent = words;
    line.classList.toggle("autosaved--problem", Boolean(why));
    if (why === "session") {
      const door = document.createElement("a");
      door.href = about.dataset.door;
      door.target = "_blank";
      door.textContent = "Đăng nhập lại ở thẻ mới";
      line.append(" ", door);
    }
  };

  /* What the server drew is kept already, unless it refused it; whatever differs from that was typed. */
  let before = "unsaved" in about.dataset ? null : typed();
  let leaving = false;
  let sending = null;
  const keepNow = async () => {
    const now = typed();
    const found = await post(about.dataset.autosave, now);
    if (found.saved_at) {
      before = now;
      tell(`Đã giữ tạm phần đang soạn lúc ${found.saved_at} (chưa lưu vào bài).`);
    } else {
      tell(found.error || WHY[found.why], found.why || "error");
    }
    return found.why;
  };
  const keep = async () => {
    if (leaving || sending || typed() === before) {
      return;
    }
    sending = keepNow();
    await sending;
    sending = null;
  };

  const look = async () => {
    if (leaving || document.hidden) {
      return;
    }
    const found = await post(about.dataset.presence, "");
    if (!found.others) {
      return; /* The next look tells. */
    }
    others.hidden = !found.others.length;
    others.querySelector("[data-names]").textContent = found.others.join(", ");
    newer.hidden = !seen || Number(seen.value) === found.version;
  };

  /* A press of a button that would lead to a page of refusal takes the words with it: the portal is asked first. */
  let asking = false;
  let sure = false;
  form.addEventListener("submit", async (event) => {
    if (sure || !about.dataset.autosave) {
      leaving = true;
      return;
    }
    event.preventDefault();
    if (asking) {
      return;
    }
    asking = true;
    await sending;
    const why = await keepNow();
    asking = false;
    if (why) {
      line.scrollIntoView({ block: "nearest" });
    } else {
      sure = true;
      form.requestSubmit(event.submitter);
    }
  });
  window.addEventListener("pageshow", () => {
    leaving = sure = false;
  });
  if (about.dataset.autosave) {
    window.setInterval(keep, EVERY);
    if (before === null) {
      keep();
    }
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
