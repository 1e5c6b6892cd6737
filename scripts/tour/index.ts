import path from 'node:path';
import { readyChromium } from '../browser/fetch-chromium';
import { root } from '../browser/product';
import { startWorld } from '../browser/world';
import { acceptanceStory, complaintStory, contractStory, diagnosisStory, planChangeStory, planStory, ratingStory, reportStory, signInStory } from '../demo/stories';
import { Guide } from './guide';
import { keepPictures } from './pictures';
import { roundOfBeginnings, roundOfCases, roundOfDesks, roundOfPhones, roundOfPublicRecords } from './rounds';
import { longTexts, roundOfStates } from './states';
import { WatchedCity } from './watched-city';

/**
 * `npm run tour`: a picture of every page and state of both faces, in `.tour/index.html`, on a product of its own. Exits 1 when a page
 * had an error, is wider than its screen, or was not visited. `--pictures` also renews those of the README. `--tight` sees desks 1024 wide and
 * phones at their largest text, in `.tour-tight/`.
 */
async function main(): Promise<number> {
  process.env['CHROMIUM'] ??= readyChromium() ?? '';
  if (!process.env['CHROMIUM']) return 1;
  const began = Date.now();
  const world = await startWorld();
  const tight = process.argv.includes('--tight');
  const guide = new Guide(world, path.join(root(), tight ? '.tour-tight' : '.tour'), tight);
  try {
    const city = new WatchedCity(world.url, world.simulatorUrl, world.personas);
    const say = (what: string): void => console.log(`${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${String(guide.album.count).padStart(4)} pictures  ${what}`);

    await outside(guide);
    await roundOfPhones(guide, '空', ['citizen', 'owner', 'provider']);
    await roundOfDesks(guide, '空', ['reviewer', 'supervisor', 'expert1']);
    await roundOfBeginnings(guide, ['owner', 'provider', 'citizen']);
    say('while there is nothing yet');

    city.onStep = roundOfCases(guide, city);
    await signInStory(city);
    const diagnosis = await diagnosisStory(city);
    const plan = await planStory(city, diagnosis);
    say('diagnosis and plan');
    await planChangeStory(city, plan);
    await acceptanceStory(city, await contractStory(city, plan));
    say('contract and acceptance');
    await ratingStory(city);
    await complaintStory(city);
    await reportStory(city);
    await longTexts(city);
    say('rating, complaint, report, long texts');

    city.onStep = async () => undefined;
    await roundOfPhones(guide, '有内容', ['citizen', 'owner', 'provider', 'provider2']);
    await roundOfPublicRecords(guide, city);
    await roundOfDesks(guide, '有内容', ['intake', 'reviewer', 'director', 'supervisor', 'county', 'agency', 'admin']);
    const [complaint] = city.steps.filter(({ story, case: no }) => story === 'complaint' && no);
    await roundOfStates(guide, complaint!.case!);
    say('lists with content; loading, errors, no right');

    const complaints = await guide.judge();
    guide.album.complaints.splice(0, Infinity, ...complaints);
    if (process.argv.includes('--pictures') && !tight) await keepPictures(guide.album.folder);
    for (const text of complaints) console.error(`  ${text}`);
    return complaints.length === 0 ? 0 : 1;
  } finally {
    console.log(`\n${guide.album.count} pictures: ${guide.album.bind()}`);
    await world.stop();
  }
}

/** Where nobody is signed in. */
async function outside(guide: Guide): Promise<void> {
  const stranger = await guide.world.desk();
  for (const [url, name] of [['/console/sign-in', '登录'], ['/console/enrol', '启用账户']] as const) {
    await stranger.page.goto(url);
    await stranger.page.locator('h1, h2').first().waitFor();
    await guide.shoot(stranger.page, '工作台 · 未登录', name);
  }
  await stranger.page.goto(guide.world.entryUrl);
  await guide.album.take(stranger.page, '入口', '入口');
  await stranger.page.goto(`${guide.world.simulatorUrl}/`);
  await stranger.page.locator('.phone').first().waitFor();
  await guide.album.take(stranger.page, '入口', '虚拟手机');
  await stranger.endsWell();
}

main().then((code) => { process.exitCode = code; }, (error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
