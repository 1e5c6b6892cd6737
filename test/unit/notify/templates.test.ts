import * as fc from 'fast-check';
import { faultOf } from '../../../scripts/wechat-simulator/fields';
import { PRODUCT_TEMPLATES, TEMPLATES } from '../../../scripts/wechat-simulator/templates';
import { fieldTypeOf, isFitting } from '../../../src/wechat/fields';
import { checkTemplates, dataFor, KINDS, SLOTS, templateFor, type Facts, type Slot, type Template } from '../../../src/notify/templates';
import { cardFacts } from '../../../src/notify/wording';

const TYPES = ['thing', 'number', 'letter', 'symbol', 'character_string', 'time', 'date', 'phrase', 'name'];
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('', ' ', '\n\t', '👨‍👩‍👧‍👦', '待市工信局组织专家评审并公示结果后', 'TS20261122-7K3MQ9', 'a'.repeat(200), '\u202e反', '\ud800'),
);
const anyDate = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
const facts: fc.Arbitrary<Facts> = fc.record({ matter: anyText, no: anyText, state: anyText, time: anyDate, advice: anyText });

describe('47003 never happens', () => {
  it('whatever the facts, every value fits its type by our rules and by the simulator\'s own', () => {
    const template: Template = { id: 'T', fields: Object.fromEntries(TYPES.flatMap((type, t) => SLOTS.map((slot, s) => [`${type}${t * 10 + s + 1}`, slot]))) };
    checkTemplates({ task: template });
    fc.assert(fc.property(facts, (given) => {
      for (const [key, value] of Object.entries(dataFor(template, given))) {
        expect(faultOf(key, value)).toBeUndefined();
        expect(isFitting(fieldTypeOf(key)!, value)).toBe(true);
      }
    }), { numRuns: 500 });
  });

  it('whatever a procedure and its states are called', () => {
    const template: Template = { id: 'T', fields: { thing1: 'matter', character_string2: 'no', phrase3: 'state', time4: 'time', thing5: 'advice' } };
    fc.assert(fc.property(anyText, anyText, fc.constantFrom(...KINDS), fc.boolean(), anyDate, (title, state, kind, discreet, at) => {
      const matter = { procedure: { name: 'p', title, states: { s: { title: state } }, moves: {} }, discreet };
      for (const [key, value] of Object.entries(dataFor(template, cardFacts(matter, kind, 'TS20261122-7K3MQ9', 's', at)))) expect(faultOf(key, value)).toBeUndefined();
    }), { numRuns: 300 });
  });
});

describe('A8: the lock screen', () => {
  it('shows neither kind nor number nor state of a discreet matter', () => {
    const matter = { procedure: { name: 'report', title: '实名举报', states: { s: { title: '核查中' } }, moves: {} }, discreet: true };
    for (const kind of KINDS) expect(JSON.stringify(cardFacts(matter, kind, 'JB20261122-7K3MQ9', 's', new Date(0)))).not.toMatch(/举报|JB|核查/);
  });
});

describe('the configuration is checked at start', () => {
  it.each([
    ['a kind that does not exist', { praise: { id: 'T', fields: { thing1: 'matter' } } }],
    ['no id', { task: { id: '', fields: { thing1: 'matter' } } }],
    ['a key of no known type', { task: { id: 'T', fields: { text1: 'matter' } } }],
    ['a type that cannot be filled for certain', { task: { id: 'T', fields: { amount1: 'matter' } } }],
    ['a slot that is not on the list', { task: { id: 'T', fields: { thing1: 'data' as Slot } } }],
  ])('refuses %s', (_, templates) => {
    expect(() => checkTemplates(templates as never)).toThrow(/^templates/);
  });

  it('takes the list of the simulated account, whose keys are those of its templates', () => {
    expect(() => checkTemplates(PRODUCT_TEMPLATES)).not.toThrow();
    for (const { id, fields } of Object.values(PRODUCT_TEMPLATES)) expect(Object.keys(fields)).toEqual(Object.keys(TEMPLATES.find((one) => one.id === id)!.fields));
  });

  it('a kind without its own template takes its stand-in\'s', () => {
    const task: Template = { id: 'T', fields: { thing1: 'matter' } };
    expect(KINDS.map((kind) => templateFor({ task }, kind)?.id)).toEqual(['T', 'T', 'T', undefined, undefined]);
  });
});
