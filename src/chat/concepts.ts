import conceptsJson from './data/concepts.json';

const CONCEPTS = Object.entries(conceptsJson).map(([concept, words]) => [concept, new RegExp(words, 'u')] as const);

/** What a text speaks of, whatever words it takes: «工程师老换» and «团队配置不合理» are both about staff and what it can do. */
export const conceptsOf = (text: string): string[] => CONCEPTS.filter(([, words]) => words.test(text)).map(([concept]) => concept);
