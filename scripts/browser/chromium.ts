import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const HOW_TO_GET_ONE = 'Chromium is missing: apt-get install chromium fonts-noto-cjk, or name one in CHROMIUM';

/** The Chromium of this machine: what CHROMIUM names, where systems put one, or what playwright once fetched. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  return [...PLACES, chromium.executablePath()].find((place) => existsSync(place) && fits(place));
}

/** Whether it starts at all: some systems put a program there that only says where to get the real one. */
export const fits = (place: string): boolean => spawnSync(place, ['--version'], { timeout: 20_000 }).status === 0;

export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error(HOW_TO_GET_ONE);
  return chromium.launch({ executablePath, args: QUIET });
}
