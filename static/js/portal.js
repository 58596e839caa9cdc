/* Small comforts. Everything works without this file. */
(() => {
  document.documentElement.classList.add("script");

  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy || location.href);
        button.querySelector("[data-label]").textContent = "Đã chép";
      } catch {
        button.hidden = true;
      }
    });
  }

  // The phone's own sharing (Zalo, Messenger, SMS), where there is one.
  for (const button of document.querySelectorAll("[data-share]")) {
    if (navigator.share) {
      button.hidden = false;
      button.addEventListener("click", () => {
        navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {});
      });
    }
  }

  for (const area of document.querySelectorAll("textarea[maxlength]:not([data-config])")) {
    const line = document.createElement("p");
    line.className = "counter";
    const most = area.maxLength;
    const tell = () => {
      const used = area.value.length;
      line.textContent = `${used.toLocaleString("vi")} / ${most.toLocaleString("vi")} ký tự`;
      line.classList.toggle("counter--near", used > most * 0.9);
    };
    area.after(line);
    area.addEventListener("input", tell);
    tell();
  }

  // A video of another site is a link; pressed, it becomes the player. Nothing of that site is loaded before.
  const players = ["https://www.youtube-nocookie.com/embed/", "https://player.vimeo.com/video/"];
  for (const link of document.querySelectorAll(".video__link[data-embed]")) {
    link.addEventListener("click", (event) => {
      const address = link.dataset.embed;
      if (event.ctrlKey || event.metaKey || event.shiftKey || !players.some((each) => address.startsWith(each))) {
        return;
      }
      event.preventDefault();
      const player = document.createElement("iframe");
      player.className = "video__player";
      player.title = link.querySelector(".video__title")?.textContent || "Video";
      player.allow = "fullscreen; picture-in-picture";
      player.referrerPolicy = "strict-origin-when-cross-origin";
      player.sandbox = "allow-scripts allow-same-origin allow-presentation allow-popups allow-popups-to-escape-sandbox";
      player.tabIndex = 0;
      player.src = address;
      const box = link.closest(".video");
      link.hidden = true;
      link.after(player);
      const said = box.querySelector("figcaption");
      const outside = document.createElement("a");
      outside.href = link.href;
      outside.rel = "noopener noreferrer";
      outside.textContent = `Xem ở trang ${box.querySelector(".video__host")?.textContent || "của video"}`;
      said?.replaceChildren(outside);
      player.focus();
    });
  }

  // A second tap while the first is on its way sends nothing; the server would give the same receipt anyway.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      form.querySelector("[type=submit]")?.setAttribute("aria-disabled", "true");
    });
    window.addEventListener("pageshow", () => {
      delete form.dataset.sent;
      form.querySelector("[type=submit]")?.removeAttribute("aria-disabled");
    });
  }

  // Text size and contrast without leaving the page: a form half filled in stays as it is.
  const looks = { co_chu: "coChu", tuong_phan: "tuongPhan" };
  for (const link of document.querySelectorAll(".display__choices a")) {
    link.addEventListener("click", async (event) => {
      const asked = new URL(link.href).searchParams;
      const name = Object.keys(looks).find((each) => asked.has(each));
      event.preventDefault();
      try {
        await fetch(link.href, { redirect: "manual", credentials: "same-origin" });
      } catch {
        location.href = link.href;
        return;
      }
      document.documentElement.dataset[looks[name]] = asked.get(name);
      for (const other of document.querySelectorAll(".display__choices a")) {
        const its = new URL(other.href).searchParams;
        if (its.has(name)) {
          if (its.get(name) === asked.get(name)) other.setAttribute("aria-current", "true");
          else other.removeAttribute("aria-current");
        }
      }
    });
  }

  // Answers that may already be there, while the question is being typed.
  const asking = document.querySelector("form[data-alike]");
  const title = asking?.querySelector("[name=title]");
  if (title) {
    const place = document.createElement("section");
    place.className = "alike";
    place.setAttribute("aria-live", "polite");
    place.hidden = true;
    title.closest(".field").after(place);
    let timer = null;
    let last = "";
    const look = async () => {
      const words = title.value.trim();
      if (words === last || words.length < 8) {
        return;
      }
      last = words;
      const said = new FormData();
      said.append("q", words);
      try {
        const answer = await fetch(asking.dataset.alike, { method: "POST", body: said, credentials: "omit" });
        if (answer.ok && title.value.trim() === words) {
          const found = new DOMParser().parseFromString(await answer.text(), "text/html");
          place.replaceChildren(...found.body.childNodes);
          place.hidden = !place.querySelector("a");
        }
      } catch {
        // no network: the next page shows the same
      }
    };
    title.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(look, 700);
    });
    title.addEventListener("change", look);
    look();
  }

  // What looks private in words being typed, while they are typed; the next press says the same.
  const watched = document.querySelector("form[data-private]");
  for (const box of watched?.querySelectorAll("[name=title], [name=text]") ?? []) {
    const place = document.createElement("div");
    place.className = "notice notice--warning";
    place.setAttribute("role", "status");
    place.hidden = true;
    box.closest(".field").after(place);
    let timer = null;
    let last = "";
    const look = async () => {
      const words = box.value.trim();
      if (words === last) {
        return;
      }
      last = words;
      const said = new FormData();
      said.append("q", words.slice(0, 10000));
      try {
        const answer = await fetch(watched.dataset.private, { method: "POST", body: said, credentials: "omit" });
        if (answer.ok && box.value.trim() === words) {
          const found = new DOMParser().parseFromString(await answer.text(), "text/html");
          place.replaceChildren(...found.body.childNodes);
          place.hidden = !place.querySelector("p");
        }
      } catch {
        // no network: the next press of the button looks too
      }
    };
    box.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(look, 900);
    });
    box.addEventListener("change", look);
  }

  document.querySelector(".summary")?.focus();
})();
