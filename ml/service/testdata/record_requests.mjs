// Records what the original's server sends: FormData of Node.js by `fetch`, byte for byte, into *.http beside this file.
// usage: node record_requests.mjs      (Node.js 24, as the original has; port 3003 must be free)
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";

// Stands for a preview; begins as the pictures of the tests do, and holds what could be taken for a boundary.
const picture = Buffer.from("640x480\r\n--\r\n------formdata-undici-0\0\xff", "latin1");
const faces = {
  detection: { modelName: "buffalo_l", options: { minScore: 0.7 } },
  recognition: { modelName: "buffalo_l" },
};
const ocr = {
  detection: { modelName: "PP-OCRv5_mobile", options: { minScore: 0.5, maxResolution: 736 } },
  recognition: { modelName: "PP-OCRv5_mobile", options: { minScore: 0.8 } },
};
const requests = {
  clip_textual: [{ clip: { textual: { modelName: "ViT-B-32__openai" } } }, "text", "日本のお店"],
  clip_textual_language: [
    { clip: { textual: { modelName: "nllb-clip-base-siglip__v1", options: { language: "de" } } } }, "text", "Fahrrad"],
  clip_visual: [{ clip: { visual: { modelName: "ViT-B-32__openai" } } }, "image", new Blob([picture])],
  facial_recognition: [{ "facial-recognition": faces }, "image", new Blob([picture])],
  ocr: [{ ocr }, "image", new Blob([picture])],
};

for (const [name, [entries, part, content]] of Object.entries(requests)) {
  const bytes = [];
  const server = createServer((socket) => {
    socket.on("data", (chunk) => {
      bytes.push(chunk);
      const so_far = Buffer.concat(bytes);
      const head = so_far.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(so_far.subarray(0, head).toString("latin1"));
      const ended = length ? so_far.length === head + 4 + Number(length[1]) : so_far.subarray(-5).equals(Buffer.from("0\r\n\r\n"));
      if (head > 0 && ended) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
    });
  });
  await new Promise((resolve) => server.listen(3003, "127.0.0.1", resolve));
  const body = new FormData();
  body.append("entries", JSON.stringify(entries));
  body.append(part, content);
  await (await fetch(new URL("/predict", "http://127.0.0.1:3003"), { method: "POST", body })).text();
  await new Promise((resolve) => server.close(resolve));
  writeFileSync(new URL(`${name}.http`, import.meta.url), Buffer.concat(bytes));
}
