/** Draws the tab bar's icons: `node scripts/miniprogram-icons/draw.mjs`. WeChat takes PNG of 81 px only; the drawings are these lines. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const out = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'miniprogram', 'icons');
const COLOURS = { '': '#4e5969', '-on': '#0b57c2' };
const DRAWINGS = {
  // 助手: a bubble that answers
  chat: '<path d="M4 5.5h16v11H10l-4.5 3.5v-3.5H4z"/><path d="M8 9.5h8M8 12.5h5"/>',
  // 待办: a list with one thing done
  todo: '<path d="M5 4h14v16H5z"/><path d="M8 9l1.6 1.6L12.4 8M8 15h8M14.5 9.5H16"/>',
  // 事项: files in a folder
  cases: '<path d="M3.5 6.5h6l2 2.5h9v10h-17z"/><path d="M3.5 12.5h17"/>',
  // 我的: somebody
  me: '<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20c.8-4 3.7-6 7.500-6s6.700 2 7.500 6z"/>',
};

for (const [name, drawing] of Object.entries(DRAWINGS)) {
  for (const [state, colour] of Object.entries(COLOURS)) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="81" height="81" viewBox="0 0 24 24" fill="none" stroke="${colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${drawing}</svg>`;
    await sharp(Buffer.from(svg)).png({ palette: true, compressionLevel: 9 }).toFile(path.join(out, `${name}${state}.png`));
  }
}
