/** Everything a declaration of a procedure needs, in one place. */
export { procedure } from './procedure';
export { anyOf, handler, opener, party, staff, system, theBureau, theDisclosed, theHandlers, theParty } from './policy';
