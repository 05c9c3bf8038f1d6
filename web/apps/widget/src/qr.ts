// QR codes after ISO/IEC 18004: bytes, level L, versions 1 to 9; enough for an address.

/** Per version: error correction bytes of a block, number of blocks, data bytes of a block. */
const BLOCKS = [
  [7, 1, 19],
  [10, 1, 34],
  [15, 1, 55],
  [20, 1, 80],
  [26, 1, 108],
  [18, 2, 68],
  [20, 2, 78],
  [24, 2, 97],
  [30, 2, 116],
] as const;
/** The row of the last alignment pattern; from version 7 on there is one in the middle too. */
const LAST = [0, 18, 22, 26, 30, 34, 38, 42, 46];
const VERSION_INFO = [0x07c94, 0x085bc, 0x09a99];

type Grid = (boolean | undefined)[][];

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let at = 0, x = 1; at < 255; at += 1) {
  EXP[at] = EXP[at + 255] = x;
  LOG[x] = at;
  x = x & 128 ? (x << 1) ^ 0x11d : x << 1;
}
const times = (a: number, b: number): number => (a && b ? EXP[LOG[a]! + LOG[b]!]! : 0);

function remainder(data: Uint8Array, n: number): Uint8Array {
  let generator = [1];
  for (let at = 0; at < n; at += 1)
    generator = [...generator, 0].map(
      (one, place) => one ^ times(generator[place - 1] ?? 0, EXP[at]!),
    );
  const rest = new Uint8Array(n);
  for (const byte of data) {
    const factor = byte ^ rest[0]!;
    rest.copyWithin(0, 1);
    rest[n - 1] = 0;
    for (let at = 0; at < n; at += 1) rest[at]! ^= times(generator[at + 1]!, factor);
  }
  return rest;
}

/** The bytes in the order in which they are drawn, and the version they need. */
function codewords(text: string): { version: number; bytes: number[] } | undefined {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex(([, n, size]) => n * size >= bytes.length + 2) + 1;
  if (!version) return undefined;
  const [ec, n, size] = BLOCKS[version - 1]!;
  const data = new Uint8Array(n * size).map((_, at) => ((at - bytes.length) & 1 ? 0x11 : 0xec));
  // mode 0100, eight bits of length, the bytes, four bits of nothing: all shifted by half a byte
  const half = [
    4,
    bytes.length >> 4,
    bytes.length & 15,
    ...[...bytes].flatMap((b) => [b >> 4, b & 15]),
    0,
  ];
  for (let at = 0; at < half.length; at += 2) data[at / 2] = (half[at]! << 4) | half[at + 1]!;
  const blocks = Array.from({ length: n }, (_, at) => data.subarray(at * size, (at + 1) * size));
  const checks = blocks.map((one) => remainder(one, ec));
  const woven = (from: Uint8Array[], length: number) =>
    Array.from({ length }, (_, at) => from.map((one) => one[at]!)).flat();
  return { version, bytes: [...woven(blocks, size), ...woven(checks, ec)] };
}

function frame(version: number): Grid {
  const size = 17 + 4 * version;
  const grid: Grid = Array.from({ length: size }, () => Array<boolean | undefined>(size));
  const square = (y: number, x: number, reach: number, dark: (ring: number) => boolean) => {
    for (let dy = -reach; dy <= reach; dy += 1)
      for (let dx = -reach; dx <= reach; dx += 1) {
        const row = grid[y + dy];
        if (row && x + dx >= 0 && x + dx < size)
          row[x + dx] = dark(Math.max(Math.abs(dy), Math.abs(dx)));
      }
  };
  for (let at = 0; at < size; at += 1) grid[6]![at] = grid[at]![6] = at % 2 === 0;
  for (const [y, x] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const)
    square(y, x, 4, (ring) => ring !== 2 && ring !== 4);
  const last = LAST[version - 1]!;
  const middle = version > 6 ? [6 + (last - 6) / 2] : [];
  const lines = last ? [6, ...middle, last] : [];
  for (const y of lines)
    for (const x of lines)
      if (!(
        (y === 6 && x !== middle[0] && x !== last) ||
        (x === 6 && y === last) ||
        (y === 6 && x === last)
      ))
        square(y, x, 2, (ring) => ring !== 1);
  if (version > 6)
    for (let bit = 0; bit < 18; bit += 1) {
      const on = ((VERSION_INFO[version - 7]! >> bit) & 1) === 1;
      const [a, b] = [Math.floor(bit / 3), size - 11 + (bit % 3)];
      grid[a]![b] = grid[b]![a] = on;
    }
  return grid;
}

/** Fifteen bits that say level and mask, twice, and the module that is always dark. */
function format(grid: Grid, mask: number): void {
  const size = grid.length;
  const data = (1 << 3) | mask;
  let rest = data << 10;
  for (let bit = 14; bit >= 10; bit -= 1) if ((rest >> bit) & 1) rest ^= 0x537 << (bit - 10);
  const bits = ((data << 10) | rest) ^ 0x5412;
  for (let bit = 0; bit < 15; bit += 1) {
    const on = ((bits >> bit) & 1) === 1;
    if (bit < 8) {
      grid[bit < 6 ? bit : bit + 1]![8] = on;
      grid[8]![size - 1 - bit] = on;
    } else {
      grid[8]![bit === 8 ? 7 : 14 - bit] = on;
      grid[size - 15 + bit]![8] = on;
    }
  }
  grid[size - 8]![8] = true;
}

const MASKS: ((y: number, x: number) => boolean)[] = [
  (y, x) => (y + x) % 2 === 0,
  (y) => y % 2 === 0,
  (_, x) => x % 3 === 0,
  (y, x) => (y + x) % 3 === 0,
  (y, x) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (y, x) => ((y * x) % 2) + ((y * x) % 3) === 0,
  (y, x) => (((y * x) % 2) + ((y * x) % 3)) % 2 === 0,
  (y, x) => (((y + x) % 2) + ((y * x) % 3)) % 2 === 0,
];

function filled(version: number, bytes: readonly number[], mask: number): boolean[][] {
  const grid = frame(version);
  const size = grid.length;
  format(grid, mask);
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    const up = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid[y]![x] !== undefined) continue;
        const on = (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        grid[y]![x] = on !== MASKS[mask]!(y, x);
        bit += 1;
      }
    }
  }
  return grid as boolean[][];
}

/** How hard it is to read: long runs, blocks, and an uneven mix of dark and light. */
function faults(grid: boolean[][]): number {
  let sum = 0;
  let dark = 0;
  const size = grid.length;
  for (let y = 0; y < size; y += 1) {
    for (const at of [(x: number) => grid[y]![x], (x: number) => grid[x]![y]]) {
      let run = 0;
      for (let x = 0; x < size; x += 1) {
        run = x && at(x) === at(x - 1) ? run + 1 : 1;
        if (run === 5) sum += 3;
        else if (run > 5) sum += 1;
      }
    }
    for (let x = 0; x < size; x += 1) {
      const one = grid[y]![x];
      if (one) dark += 1;
      if (
        y &&
        x &&
        one === grid[y - 1]![x] &&
        one === grid[y]![x - 1] &&
        one === grid[y - 1]![x - 1]
      )
        sum += 3;
    }
  }
  return sum + 10 * Math.floor(Math.abs((dark * 20) / size ** 2 - 10));
}

/** The code of a text with a mask, or with the one that reads best; undefined when it is too long. */
export function qr(text: string, mask?: number): boolean[][] | undefined {
  const found = codewords(text);
  if (!found) return undefined;
  const draw = (one: number) => filled(found.version, found.bytes, one);
  if (mask !== undefined) return draw(mask);
  return MASKS.map((_, one) => draw(one)).reduce((best, one) =>
    faults(one) < faults(best) ? one : best,
  );
}

/** Draws the code with its quiet border; hides the canvas when the text is too long for one. */
export function paint(canvas: HTMLCanvasElement, text: string): void {
  const grid = qr(text);
  canvas.hidden = !grid;
  const pen = canvas.getContext('2d');
  if (!grid || !pen) return;
  const step = 6;
  canvas.width = canvas.height = (grid.length + 8) * step;
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#000';
  grid.forEach((row, y) =>
    row.forEach((on, x) => on && pen.fillRect((x + 4) * step, (y + 4) * step, step, step)),
  );
}
