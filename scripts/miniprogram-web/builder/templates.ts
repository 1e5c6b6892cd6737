import { TmplGroup } from 'glass-easel-template-compiler';
import { read, type Sources } from './sources';
import { BUILT_IN } from './words';

const byLength = [...BUILT_IN].sort((a, b) => b.length - a.length).join('|');
const builtInTag = new RegExp(`(</?)(${byLength})(?=[\\s/>])`, 'g');
/** Without the colon a binding becomes a plain attribute, and nothing ever happens. */
const binding = /(\s)(bind|catch|mut-bind|capture-bind|capture-catch)([a-z]\w*)=/g;

/** What WXS has and JavaScript lacks; `constructor` is a word there, such as 'Array'. */
const WXS_HEAD = 'function __ctor(x){return Object.prototype.toString.call(x).slice(8,-1)}'
  + 'function getRegExp(a,b){return new RegExp(a,b||"")}function getDate(){return arguments.length?new Date(arguments[0]):new Date()}';
const asJavaScript = (wxs: string): string => WXS_HEAD + wxs.replace(/([\w$][\w$.]*)\.constructor\b/g, '__ctor($1)');

interface Warning { isError: boolean; message: string; startLine: number }

/** Compiles WXML and WXS with WeChat's own compiler into one group of functions. `faults`: what is wrong in our own templates. */
export function createTemplates(sources: Sources) {
  const group = new TmplGroup();
  const known = new Set<string>();
  const faults: string[] = [];

  function isNew(id: string): boolean {
    if (known.has(id)) return false;
    known.add(id);
    return true;
  }

  function addScript(file: string): void {
    const id = sources.idOf(file).replace(/\.wxs$/, '');
    if (!isNew(`script ${id}`)) return;
    const text = read(file);
    group.addScript(id, asJavaScript(text).replace(/(require\(['"][^'"]+?)\.wxs(['"]\))/g, '$1$2'));
    for (const [, wanted] of text.matchAll(/require\(['"]([^'"]+)['"]\)/g)) addScript(sources.beside(wanted!, file));
  }

  /** Adds the template at this place (no extension) and all that it imports or includes. */
  function add(place: string): void {
    const id = sources.idOf(place);
    if (!isNew(id)) return;
    const text = read(`${place}.wxml`)
      .replace(/(<wxs[^>]*[^/]>)([\s\S]*?)(<\/wxs>)/g, (_, open: string, code: string, close: string) => open + (code.trim() ? asJavaScript(code) : code) + close)
      .replace(builtInTag, '$1wx-$2')
      .replace(binding, '$1$2:$3=');
    for (const { isError, message, startLine } of (group.addTmpl(id, text) ?? []) as Warning[]) {
      // The compiler only warns of a tag left open, and then draws something else than was meant.
      if (sources.isOurs(place) && (isError || /missing end tag/i.test(message))) faults.push(`${id}.wxml:${startLine}: ${message}`);
    }
    for (const [, wanted] of text.matchAll(/<(?:import|include)\b[^>]*\bsrc="([^"]+)"/g)) add(sources.beside(wanted!, place).replace(/\.wxml$/, ''));
    for (const [, wanted] of text.matchAll(/<wxs\b[^>]*\bsrc="([^"]+)"/g)) addScript(sources.beside(wanted!, place));
  }

  return { add, faults, code: (): string => group.getTmplGenObjectGroups() };
}
