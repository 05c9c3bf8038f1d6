// Draws the icons of the installed application: `node icons.mjs`; no picture is drawn by hand.
import { writeFileSync } from 'node:fs';
import { deflateSync, crc32 } from 'node:zlib';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('./apps/agent/public/icons/', import.meta.url));
const INK = [65, 80, 200];
const WHITE = [255, 255, 255];
const SAMPLES = 3;

/** The three voices of the mark on a grid of 32: two that meet the middle one. */
const curve = (points) => {
  const [a, b, c, d] = points;
  return Array.from({ length: 25 }, (_, at) => {
    const t = at / 24;
    const u = 1 - t;
    const one = (axis) =>
      u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis];
    return [one(0), one(1)];
  });
};
const upper = [
  ...curve([
    [7, 10.5],
    [12, 10.5],
    [13, 13],
    [14.5, 15],
  ]),
  ...curve([
    [14.5, 15],
    [16, 17],
    [18, 18],
    [25, 18],
  ]),
];
const VOICES = [
  { line: upper, alpha: 1 },
  { line: upper.map(([x, y]) => [x, 31 - y]), alpha: 0.8 },
];

const distance = ([px, py], [ax, ay], [bx, by]) => {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy || 1e-9;
  const t = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
};
const near = (point, line, width) =>
  line.some((to, at) => at > 0 && distance(point, line[at - 1], to) <= width / 2);

function inTile([x, y], round) {
  const dx = Math.max(round - x, x - (32 - round), 0);
  const dy = Math.max(round - y, y - (32 - round), 0);
  return Math.hypot(dx, dy) <= round;
}

/** Colour and cover at one point of the grid. */
function paint(point, { round, scale, plain }) {
  const mark = [16 + (point[0] - 16) / scale, 16 + (point[1] - 16) / scale];
  for (const { line, alpha } of VOICES)
    if (near(mark, line, 2.6)) {
      if (plain) return [...WHITE, alpha];
      return [...WHITE.map((one, at) => one * alpha + INK[at] * (1 - alpha)), 1];
    }
  if (plain) return [255, 255, 255, 0];
  return [...INK, inTile(point, round) ? 1 : 0];
}

function picture(size, look) {
  const rows = [];
  for (let y = 0; y < size; y += 1) {
    const row = Buffer.alloc(1 + size * 4);
    for (let x = 0; x < size; x += 1) {
      const sum = [0, 0, 0, 0];
      for (let sy = 0; sy < SAMPLES; sy += 1)
        for (let sx = 0; sx < SAMPLES; sx += 1) {
          const place = (at, sub) => ((at + (sub + 0.5) / SAMPLES) * 32) / size;
          const [r, g, b, a] = paint([place(x, sx), place(y, sy)], look);
          [r, g, b].forEach((one, at) => (sum[at] += one * a));
          sum[3] += a;
        }
      for (let at = 0; at < 3; at += 1)
        row[1 + x * 4 + at] = sum[3] > 0 ? Math.round(sum[at] / sum[3]) : 0;
      row[4 + x * 4] = Math.round((sum[3] / SAMPLES ** 2) * 255);
    }
    rows.push(row);
  }
  return Buffer.concat(rows);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, sum]);
}

function png(size, look) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(picture(size, look), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const TILE = { round: 8, scale: 1 };
const WHOLE = { round: 0, scale: 0.78 };
const BADGE = { round: 0, scale: 1.2, plain: true };
for (const [name, size, look] of [
  ['icon-192', 192, TILE],
  ['icon-512', 512, TILE],
  ['maskable-512', 512, WHOLE],
  ['apple-180', 180, WHOLE],
  ['badge-96', 96, BADGE],
])
  writeFileSync(`${FOLDER}${name}.png`, png(size, look));
