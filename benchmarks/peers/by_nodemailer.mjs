// Send by nodemailer's pool of connections, and print what the sending took.
//
// usage: by_nodemailer.mjs NODEMAILER PORT MESSAGES FOLDER CONNECTIONS
//
// Messages are handed over as the pool becomes idle, as its documentation asks for, not
// all at once: that would cost it memory without end.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [library, port, messages, folder, connections] = process.argv.slice(2);
const nodemailer = createRequire(import.meta.url)(library);
const letters = JSON.parse(readFileSync(join(folder, "letters.json"), "utf-8"));
const total = Number(messages);

const transport = nodemailer.createTransport({
  host: "127.0.0.1",
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: Number(connections),
  maxMessages: Infinity,
});

function letterTo(number) {
  const letter = letters[number % letters.length];
  const link = `https://rivers.example.org/u/${String(number).padStart(64, "0")}`;
  const reader = `reader.${String(number).padStart(7, "0")}@mail${number % 97}.example.net`;
  return {
    from: "Slow Rivers <news@rivers.example.org>",
    to: `Ada Abreu <${reader}>`,
    envelope: { from: "bounces@rivers.example.org", to: reader },
    subject: letter.subject,
    text: letter.text.replaceAll("{unsubscribe}", link),
    html: letter.html.replaceAll("{unsubscribe}", link),
    list: { unsubscribe: link },
  };
}

let handedOver = 0;
let sent = 0;
let began;
let used;

function fill() {
  while (handedOver < total && transport.isIdle()) {
    transport.sendMail(letterTo(handedOver++)).then(onSent, onFailed);
  }
}

function onSent() {
  if (++sent === total) {
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(used);
    console.log(JSON.stringify({ seconds, cpu_seconds: (user + system) / 1e6 }));
    transport.close();
  }
}

function onFailed(error) {
  console.error(error);
  process.exit(1);
}

transport.on("idle", fill);
began = performance.now();
used = process.cpuUsage();
fill();
