import fc from 'fast-check';
import { openBytes, sealBytes } from '../../../src/vault/aead';
import { contextOf, keyRing, normalise, parseKeyRing, SEALED } from '../../../src/vault/crypto';

const bytes = (fill: (index: number) => number): string => Buffer.from(Array.from({ length: 32 }, (_, i) => fill(i))).toString('base64');
const hex = (text: string) => Buffer.from(text, 'hex');
const K1 = bytes((i) => i);
const K2 = bytes((i) => 255 - i);
const ring = keyRing({ current: 'k1', keys: { k1: K1 } });
const later = keyRing({ current: 'k2', keys: { k1: K1, k2: K2 } });

describe('the cipher itself', () => {
  it('agrees with test case 16 of the GCM specification (AES-256, with associated data)', () => {
    const key = hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308');
    const iv = hex('cafebabefacedbaddecaf888');
    const plain = hex('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39');
    const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const sealed = sealBytes(key, iv, plain, aad);
    expect(sealed.ciphertext.toString('hex')).toBe('522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662');
    expect(sealed.tag.toString('hex')).toBe('76fc6ece0f4e1768cddf8853bb2d551b');
    expect(openBytes(key, iv, sealed, aad)).toEqual(plain);
  });

  it('refuses a shortened tag, which GCM alone would accept', () => {
    const [key, iv, aad] = [Buffer.alloc(32, 1), Buffer.alloc(12, 2), Buffer.from('a.b.c')];
    const { tag, ciphertext } = sealBytes(key, iv, Buffer.from('x'), aad);
    expect(() => openBytes(key, iv, { tag: tag.subarray(0, 4), ciphertext }, aad)).toThrow(/malformed/);
  });
});

describe('sealed fields', () => {
  it('opens what another implementation sealed, so the stored form cannot drift', () => {
    expect(ring.decrypt('k1.AAECAwQFBgcICQoL.DST5mwvxXlvEWat-0pCfhg.or52_31sJqM9', 'identities.name.abc')).toBe('张三丰');
    expect(ring.blindIndex('idNumber', '11010519491231002x')).toBe('GwMB-Ev-nX4s8mgY7lzkvAP9haq6nb4HxnXKpZKfzXM');
  });

  it('opens anything it sealed, and never seals the same twice', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ minLength: 1 }), (plain, id) => {
      const context = contextOf('people', 'name', id);
      const sealed = ring.encrypt(plain, context);
      expect(sealed).toMatch(SEALED);
      expect(ring.decrypt(sealed, context)).toBe(Buffer.from(plain, 'utf8').toString('utf8'));
      expect(ring.encrypt(plain, context)).not.toBe(sealed);
    }));
  });

  it.each([
    ['another record', 'identities.name.other'], ['another field', 'identities.phone.abc'], ['another collection', 'people.name.abc'],
  ])('does not open in %s', (_place, context) => {
    const sealed = ring.encrypt('张三', 'identities.name.abc');
    expect(() => ring.decrypt(sealed, context)).toThrow(/does not open/);
  });

  it('does not open with any single bit flipped, in any of its parts', () => {
    const context = 'identities.name.abc';
    const parts = ring.encrypt('张三丰', context).split('.');
    for (const part of [1, 2, 3]) {
      const raw = Buffer.from(parts[part]!, 'base64url');
      for (let bit = 0; bit < raw.length * 8; bit += 1) {
        const altered = Buffer.from(raw);
        altered[bit >> 3]! ^= 1 << (bit & 7);
        const sealed = parts.with(part, altered.toString('base64url')).join('.');
        expect(() => ring.decrypt(sealed, context)).toThrow(/does not open/);
      }
    }
  });

  it('D9: an error names the place, never the content or a key', () => {
    const sealed = later.encrypt('CANARY-张三', 'identities.name.abc');
    for (const failing of [() => ring.decrypt(sealed, 'identities.name.abc'), () => ring.decrypt('CANARY-张三', 'identities.name.abc')]) {
      expect(failing).toThrow(/identities\.name\.abc/);
      expect(failing).not.toThrow(/CANARY|张三/);
    }
  });

  it('H5: the old key opens old values, the current key seals new ones', () => {
    const old = ring.encrypt('张三', 'a.b.c');
    expect(later.decrypt(old, 'a.b.c')).toBe('张三');
    expect(later.isStale(old)).toBe(true);
    const moved = later.reseal(old, 'a.b.c');
    expect(later.isStale(moved)).toBe(false);
    expect(later.decrypt(moved, 'a.b.c')).toBe('张三');
    expect(() => ring.decrypt(moved, 'a.b.c')).toThrow(/not in the ring/);
  });
});

describe('blind indexes', () => {
  it.each([
    ['full-width digits', '１３８００１３８０００', '13800138000'], ['separators', '138-0013 8000', '13800138000'],
    ['the country code', '+86 138 0013 8000', '13800138000'], ['a small x', '11010519491231002x', '11010519491231002X'],
    ['invisible marks', '138\u200b0013\ufeff8000', '13800138000'],
  ])('see through %s', (_what, written, plain) => {
    expect(normalise(written)).toBe(plain);
    expect(ring.blindIndex('phone', written)).toBe(ring.blindIndex('phone', plain));
  });

  it('differ by field, by key and by value, and survive a new current key', () => {
    expect(ring.blindIndex('phone', '13800138000')).not.toBe(ring.blindIndex('idNumber', '13800138000'));
    expect(ring.blindIndex('phone', '13800138000')).not.toBe(ring.blindIndex('phone', '13800138001'));
    expect(keyRing({ current: 'k2', keys: { k2: K2 } }).blindIndex('phone', '13800138000')).not.toBe(ring.blindIndex('phone', '13800138000'));
    expect(later.blindIndex('phone', '13800138000')).toBe(ring.blindIndex('phone', '13800138000'));
  });
});

describe('H5: a ring that cannot work is refused at start', () => {
  it.each([
    ['no such current key', '{"current":"k9","keys":{"k1":"' + K1 + '"}}', /k9/],
    ['a short key', '{"current":"k1","keys":{"k1":"AAAA"}}', /3 bytes instead of 32/],
    ['not base64', '{"current":"k1","keys":{"k1":"***"}}', /not base64/],
    ['no keys', '{"current":"k1","keys":{}}', /no key/],
    ['an id with a dot', '{"current":"k.1","keys":{"k.1":"' + K1 + '"}}', /not a key id/],
    ['one key twice', '{"current":"k1","keys":{"k1":"' + K1 + '","k2":"' + K1 + '"}}', /same key/],
    ['an unknown index key', '{"current":"k1","index":"k0","keys":{"k1":"' + K1 + '"}}', /k0/],
    ['no JSON', 'k1:abc', /not JSON/], ['JSON null', 'null', /needs/],
  ])('%s', (_what, text, message) => {
    expect(() => parseKeyRing(text)).toThrow(message);
    expect(() => parseKeyRing(text)).not.toThrow(K1);
  });
});
