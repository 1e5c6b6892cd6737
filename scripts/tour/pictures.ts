import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { root } from '../browser/product';

/** Pictures of the README, by the file of the tour they are made from. */
const PICTURES: Readonly<Record<string, { from: string; width: number }>> = {
  entry: { from: '入口-入口', width: 640 },
  report: { from: '小程序-可以办理-公众-提交实名举报', width: 250 },
  filed: { from: '小程序-实名举报-公众-待核验身份', width: 250 },
  verify: { from: '工作台-实名举报-待核验身份-身份核验通过', width: 800 },
  inquiry: { from: '小程序-情况核实-服务商乙-待服务商回复', width: 250 },
  decide: { from: '工作台-实名举报-待负责人决定-作出处理决定', width: 800 },
  told: { from: '小程序-实名举报-公众-属实-已处理', width: 250 },
};

/** Small copies of some pictures of the tour, kept beside this file's source. */
export async function keepPictures(folder: string): Promise<void> {
  const to = path.join(root(), 'scripts', 'tour', 'pictures');
  mkdirSync(to, { recursive: true });
  for (const [name, { from, width }] of Object.entries(PICTURES)) {
    const file = path.join(folder, `${from}.png`);
    if (!existsSync(file)) throw new Error(`the tour took no picture ${from}`);
    await sharp(file).resize({ width }).webp({ quality: 72 }).toFile(path.join(to, `${name}.webp`));
  }
}
