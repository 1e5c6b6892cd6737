import { navigation } from '../pages';
import { device } from './device';
import { files } from './files';
import { network } from './network';
import { people } from './people';

const known: Record<string, unknown> = { ...device, ...files, ...network, ...people, ...navigation };
window.__wxMissing = new Set();

/** `wx`. A name it lacks is noted, so that a test can fail on it; listeners for what never happens here are taken and never called. */
export const wx = new Proxy(known, {
  get(target, name) {
    if (typeof name === 'symbol' || name in target) return target[name as string];
    if (/^(on|off)[A-Z]/.test(name)) return () => undefined;
    window.__wxMissing.add(name);
    return undefined;
  },
});
