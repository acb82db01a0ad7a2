/* <code-scan>: reads QR codes of labels from the camera one after another into the text field inside it.

   The field is the list and works without this file. The browser's own BarcodeDetector reads where it can read QR;
   else our copy of the reader is loaded, from our own address, when the camera is switched on. */
const CODE = /^(?:[0-9A-HJKMNP-TV-Z]-?){12}[0-9A-HJKMNP-TV-Z]$/;
const PAUSE_MS = 120;

class CodeScan extends HTMLElement {
  connectedCallback() {
    if (this.field) return;
    this.field = this.querySelector("textarea");
    this.view = this.querySelector(".scan-view");
    this.video = this.querySelector("video");
    this.said = this.querySelector(".scan-said");
    this.list = this.querySelector(".scan-list");
    this.count = this.querySelector(".scan-count");
    this.buttons = Object.fromEntries([...this.querySelectorAll("[data-scan]")].map((b) => [b.dataset.scan, b]));
    this.field.addEventListener("input", () => this.draw());
    this.buttons.start.addEventListener("click", () => this.start());
    this.buttons.stop.addEventListener("click", () => this.stop());
    this.leave = () => document.hidden && this.stop();
    document.addEventListener("visibilitychange", this.leave);
    this.querySelector(".scan-buttons").hidden = !navigator.mediaDevices?.getUserMedia;
    this.draw();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.leave);
    this.stop();
  }

  get codes() {
    return [...new Set(this.field.value.split(/[\n\r,;]+/).map((line) => line.trim()).filter(Boolean))];
  }

  set codes(codes) {
    this.field.value = codes.join("\n");
    this.draw();
  }

  draw() {
    const codes = this.codes;
    this.list.hidden = this.count.hidden = !codes.length;
    this.count.textContent = `${this.dataset.count} ${codes.length}`;
    this.list.replaceChildren(
      ...codes.map((code) => {
        const item = document.createElement("li");
        const text = document.createElement("span");
        text.className = "num b";
        text.textContent = code;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "btn btn-quiet btn-sm";
        remove.textContent = this.dataset.remove;
        remove.setAttribute("aria-label", `${this.dataset.remove} ${code}`);
        remove.addEventListener("click", () => {
          this.codes = this.codes.filter((other) => other !== code);
          this.field.focus();
        });
        item.append(text, remove);
        return item;
      }),
    );
  }

  async start() {
    this.buttons.start.disabled = true;
    try {
      this.sound ??= new AudioContext(); // Only a tap may make a page audible.
      this.reader ??= await reader(this.dataset);
      const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch {
      this.stop();
      this.say(this.dataset.refused);
      return;
    } finally {
      this.buttons.start.disabled = false;
    }
    this.live(true);
    this.say(this.dataset.looking);
    this.look(this.stream);
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.live(false);
  }

  live(on) {
    this.buttons.start.hidden = on;
    this.view.hidden = this.buttons.stop.hidden = !on;
  }

  async look(stream) {
    while (this.stream === stream) {
      try {
        for (const text of await this.reader(this.video)) this.found(text);
      } catch {
        // A frame that could not be read; the next one comes at once.
      }
      await new Promise((go) => setTimeout(go, PAUSE_MS));
    }
  }

  found(text) {
    const last = text.trim().replace(/\/+$/, "").split("/").pop().toUpperCase();
    if (!CODE.test(last)) return;
    const code = last.replaceAll("-", "").replace(/(.{4})(?=.)/g, "$1-");
    const bare = code.replaceAll("-", "");
    const codes = this.codes;
    if (codes.some((other) => other.toUpperCase().replace(/[\s-]/g, "") === bare)) {
      if (this.latest !== code) this.say(this.dataset.known);
      return;
    }
    if (codes.length >= Number(this.dataset.most)) {
      this.say(this.dataset.full);
      return;
    }
    this.latest = code;
    this.codes = [...codes, code];
    this.say(`${this.dataset.added} ${codes.length + 1}`);
    navigator.vibrate?.(60);
    this.beep();
  }

  beep() {
    const tone = this.sound.createOscillator();
    const volume = this.sound.createGain();
    volume.gain.value = 0.08;
    tone.frequency.value = 1320;
    tone.connect(volume).connect(this.sound.destination);
    tone.start();
    tone.stop(this.sound.currentTime + 0.07);
  }

  say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }
}

/* A function from a playing video to the texts of the QR codes in it. */
async function reader({ reader: address, wasm }) {
  const formats = (await window.BarcodeDetector?.getSupportedFormats?.().catch(() => [])) ?? [];
  if (formats.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video)).map((code) => code.rawValue);
  }
  if (!window.ZXingWASM) await load(address);
  await ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, 1000 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const frame = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = await ZXingWASM.readBarcodes(frame, { formats: ["QRCode"], maxNumberOfSymbols: 12 });
    return found.filter((code) => code.isValid).map((code) => code.text);
  };
}

function load(address) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = fail;
    document.head.append(script);
  });
}

customElements.define("code-scan", CodeScan);
