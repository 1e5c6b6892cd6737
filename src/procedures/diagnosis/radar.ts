import sharp from 'sharp';

export interface Axis { name: string; /** 0 to 4. */ mean: number }

const SIZE = 560;
const CENTRE = SIZE / 2;
const RADIUS = 190;
const TOP = 4;
/** Pixels of the PNG per unit of the drawing. */
const SCALE = 2;
const INK = '#1f2d3d';
const GRID = '#c3ccd6';
const FILL = '#2f6fde';

type Point = readonly [x: number, y: number];
const at = (index: number, count: number, radius: number): Point => {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  return [CENTRE + radius * Math.cos(angle), CENTRE + radius * Math.sin(angle)];
};
const n = (value: number): string => value.toFixed(1);
const points = (list: readonly Point[]): string => list.map(([x, y]) => `${n(x)},${n(y)}`).join(' ');
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** Digits as strokes on a 2 × 4 grid: a machine without any font still draws them. */
const STROKES: Record<string, string> = {
  0: 'M0,0H2V4H0Z', 1: 'M0.2,0.8L1.2,0V4', 2: 'M0,0H2V2H0V4H2', 3: 'M0,0H2V4H0M0.4,2H2', 4: 'M0,0V2H2M2,0V4',
  5: 'M2,0H0V2H2V4H0', 6: 'M2,0H0V4H2V2H0', 7: 'M0,0H2L0.8,4', 8: 'M0,0H2V4H0ZM0,2H2', 9: 'M2,2H0V0H2V4H0',
};
function drawnNumber(number: number, [x, y]: Point, height: number, colour: string): string {
  const unit = height / 4;
  const digits = [...String(number)];
  const width = (digits.length * 3 - 1) * unit;
  return digits.map((digit, index) =>
    `<path transform="translate(${n(x - width / 2 + index * 3 * unit)} ${n(y - height / 2)}) scale(${unit})" d="${STROKES[digit]}" fill="none" stroke="${colour}" stroke-width="0.62" stroke-linecap="round" stroke-linejoin="round"/>`).join('');
}

type Labels = 'names' | 'numbers';

/**
 * The radar chart as SVG. `names` writes the axes' names and needs a font for them; `numbers` draws the axes' numbers as
 * strokes and needs none, with a legend beside it.
 */
export function radarSvg(axes: readonly Axis[], labels: Labels): string {
  const count = axes.length;
  const rings = [1, 2, 3, 4].map((level) =>
    `<polygon points="${points(axes.map((_, i) => at(i, count, (RADIUS * level) / TOP)))}" fill="${level === TOP ? '#f7f9fb' : 'none'}" stroke="${GRID}" stroke-width="${level === TOP ? 1.6 : 1}"/>`);
  const spokes = axes.map((_, i) => {
    const [x, y] = at(i, count, RADIUS);
    return `<line x1="${CENTRE}" y1="${CENTRE}" x2="${n(x)}" y2="${n(y)}" stroke="${GRID}" stroke-width="1"/>`;
  });
  const values = axes.map(({ mean }, i) => at(i, count, (RADIUS * Math.min(Math.max(mean, 0), TOP)) / TOP));
  const dots = values.map(([x, y]) => `<circle cx="${n(x)}" cy="${n(y)}" r="4.5" fill="${FILL}"/>`);
  const scale = [1, 2, 3, 4].map((level) => drawnNumber(level, [CENTRE - 11, CENTRE - (RADIUS * level) / TOP + 9], 9, '#7a8794'));
  const captions = axes.map(({ name, mean }, i) => (labels === 'numbers' ? numbered(i, count) : named(name, mean, i, count)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}">`
    + `<rect width="${SIZE}" height="${SIZE}" fill="#ffffff"/>${[...rings.toReversed(), ...spokes].join('')}`
    + `<polygon points="${points(values)}" fill="${FILL}" fill-opacity="0.22" stroke="${FILL}" stroke-width="2.4" stroke-linejoin="round"/>`
    + `${dots.join('')}${scale.join('')}${captions.join('')}</svg>`;
}

function numbered(index: number, count: number): string {
  const [x, y] = at(index, count, RADIUS + 34);
  return `<circle cx="${n(x)}" cy="${n(y)}" r="17" fill="#ffffff" stroke="${INK}" stroke-width="1.8"/>${drawnNumber(index + 1, [x, y], 16, INK)}`;
}

function named(name: string, mean: number, index: number, count: number): string {
  const [x, y] = at(index, count, RADIUS + 24);
  const side = Math.abs(x - CENTRE) < 5 ? 'middle' : x < CENTRE ? 'end' : 'start';
  const font = `font-family="Microsoft YaHei, PingFang SC, Noto Sans CJK SC, SimHei, sans-serif" text-anchor="${side}" fill="${INK}"`;
  return `<text x="${n(x)}" y="${n(y)}" font-size="17" ${font}>${escaped(name)}</text><text x="${n(x)}" y="${n(y + 19)}" font-size="14" ${font}>${mean.toFixed(2)}</text>`;
}

/** The numbered chart as PNG, the same on a machine without fonts. */
export const radarPng = (axes: readonly Axis[]): Promise<Buffer> =>
  sharp(Buffer.from(radarSvg(axes, 'numbers')), { density: 72 * SCALE }).flatten({ background: '#ffffff' }).png({ compressionLevel: 9, palette: true }).toBuffer();
