import { readFileSync } from 'node:fs';
import { evaluate, type EvalLine } from '../src/chat/evaluation';

/** `npm run chat:eval -- FILE`: reads JSON lines of messages with what they mean, prints one JSON object of how well the bot read them. */
const file = process.argv[2];
if (!file) {
  console.error('usage: chat:eval FILE   (JSON lines {text, role, intent} or {text, article})');
  process.exit(2);
}
const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.trim()).filter(Boolean).map((line) => JSON.parse(line) as EvalLine);
console.log(JSON.stringify(evaluate(lines), null, 2));
