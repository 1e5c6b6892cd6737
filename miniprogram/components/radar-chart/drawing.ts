/** One shape on the chart: a value from 0 to 4 on each axis. */
export interface Series { name: string; values: number[]; colour: string; dashed?: boolean }

const TOP = 4;
const GRID = '#c3ccd6';
const INK = '#1f2329';
const FAINT = '#5f6773';
/** Room for the names around it, in points. */
const MARGIN_X = 64;
const MARGIN_Y = 30;

type Point = readonly [x: number, y: number];
/** The part of a canvas's 2d context that is used, so that a test can listen to it. */
export interface Pen {
  strokeStyle: string; fillStyle: string; lineWidth: number; font: string; globalAlpha: number;
  textAlign: 'left' | 'right' | 'center'; textBaseline: 'middle';
  beginPath(): void; closePath(): void; stroke(): void; fill(): void;
  moveTo(x: number, y: number): void; lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  setLineDash(pattern: number[]): void;
  fillText(text: string, x: number, y: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
}

/** Corner `index` of `count`, the first at the top, then clockwise. */
export function corner(index: number, count: number, radius: number, [x, y]: Point): Point {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
}

/** Draws the radar of these axes into a field of that size. */
export function drawRadar(pen: Pen, axes: readonly string[], series: readonly Series[], width: number, height: number): void {
  const centre: Point = [width / 2, height / 2];
  const radius = Math.min(width / 2 - MARGIN_X, height / 2 - MARGIN_Y);
  const at = (index: number, level: number): Point => corner(index, axes.length, (radius * Math.min(Math.max(level, 0), TOP)) / TOP, centre);
  const outline = (levels: readonly number[]): void => {
    pen.beginPath();
    levels.forEach((level, index) => {
      const [x, y] = at(index, level);
      if (index === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    });
    pen.closePath();
  };

  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = GRID;
  pen.lineWidth = 1;
  for (let level = 1; level <= TOP; level += 1) {
    outline(axes.map(() => level));
    pen.stroke();
  }
  axes.forEach((_, index) => {
    pen.beginPath();
    pen.moveTo(...centre);
    pen.lineTo(...at(index, TOP));
    pen.stroke();
  });

  for (const { values, colour, dashed = false } of series) {
    outline(values);
    pen.fillStyle = colour;
    pen.globalAlpha = 0.16;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.setLineDash(dashed ? [6, 4] : []);
    pen.stroke();
    pen.setLineDash([]);
    values.forEach((value, index) => {
      pen.beginPath();
      pen.arc(...at(index, value), 3, 0, 2 * Math.PI);
      pen.fill();
    });
  }

  pen.textBaseline = 'middle';
  pen.font = '10px sans-serif';
  pen.fillStyle = FAINT;
  pen.textAlign = 'right';
  for (let level = 1; level <= TOP; level += 1) pen.fillText(String(level), centre[0] - 4, at(0, level)[1] + 6);
  pen.font = '12px sans-serif';
  pen.fillStyle = INK;
  axes.forEach((name, index) => {
    const [x, y] = corner(index, axes.length, radius + 12, centre);
    pen.textAlign = Math.abs(x - centre[0]) < 4 ? 'center' : x < centre[0] ? 'right' : 'left';
    pen.fillText(name, x, y);
  });
}
