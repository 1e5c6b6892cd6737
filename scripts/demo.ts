import { City, runningSystem, type Step } from './demo/city';
import { acceptanceStory, complaintStory, contractStory, diagnosisStory, planChangeStory, planStory, ratingStory, reportStory, signInStory } from './demo/stories';

/**
 * `npm run demo`: drives the whole main job over HTTP against the running system, as its users would. `--json` prints one JSON
 * object per line: story, step, article, case, outcome. Exits 1 at the first step that does not come out as it should.
 */
async function main(): Promise<void> {
  const asJson = process.argv.includes('--json');
  const { webUrl, simulatorUrl, personas } = runningSystem();
  const print = (step: Step): void => console.log(asJson ? JSON.stringify(step) : `${step.story.padEnd(12)} ${step.article.padEnd(5)} ${(step.case ?? '').padEnd(18)} ${step.step} → ${step.outcome}`);
  const city = new City(webUrl, simulatorUrl, personas, print);
  await signInStory(city);
  const diagnosis = await diagnosisStory(city);
  const plan = await planStory(city, diagnosis);
  await planChangeStory(city, plan);
  const contract = await contractStory(city, plan);
  await acceptanceStory(city, contract);
  await ratingStory(city);
  await complaintStory(city);
  await reportStory(city);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
