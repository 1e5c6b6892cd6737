import { Schema, type Connection, type Collection } from 'mongoose';
import type { Case } from './case';

/**
 * The collection of cases. Shape is checked where it is written (forms and rules), so the hot path uses the driver's own
 * collection of the mongoose connection; the schema is the one place for indexes, each with the question it answers.
 * `city` stands first in every compound index: it is the shard key to be.
 */
const schema = new Schema({ no: String }, { collection: 'cases', strict: false, autoIndex: false, id: false, versionKey: false });

schema.index({ city: 1, no: 1 }, { unique: true }); // which case is this?
schema.index({ city: 1, openKey: 1 }, { unique: true }); // was this request already carried out?
schema.index({ city: 1, once: 1 }, { unique: true, partialFilterExpression: { once: { $exists: true } } }); // does the only one exist?
schema.index({ city: 1, access: 1, openedAt: -1, no: -1 }); // what may I read, newest first?
schema.index({ city: 1, access: 1, procedure: 1, openedAt: -1, no: -1 }); // the same, of one procedure
schema.index({ city: 1, procedure: 1, openedAt: -1 }); // statistics: which cases of a procedure were opened in a year?
schema.index({ city: 1, waitsOn: 1, 'clock.due': 1, no: 1 }); // what waits for me, most urgent first?
schema.index({ city: 1, involved: 1, openedAt: -1, no: -1 }); // search: in which cases is this organisation?
schema.index({ city: 1, 'clock.overdueAt': 1, no: 1 }, { partialFilterExpression: { 'clock.overdueAt': { $exists: true } } }); // what ran out of time, the longest first?
schema.index({ city: 1, 'links.no': 1, procedure: 1 }); // what follows from this case?
schema.index({ city: 1, 'task.desk': 1, 'task.priority': -1, 'task.since': 1, no: 1 }, { partialFilterExpression: { 'task.desk': { $exists: true } } }); // rebuild of the queues, boards
schema.index({ city: 1, 'task.assignee': 1, 'task.since': 1 }, { partialFilterExpression: { 'task.assignee': { $exists: true } } }); // what does this reviewer hold?
schema.index({ 'outbox.at': 1 }, { partialFilterExpression: { 'outbox.at': { $exists: true } } }); // sweep: what is still to be done?
schema.index({ 'clock.next': 1 }, { partialFilterExpression: { 'clock.next': { $exists: true } } }); // sweep: which clocks want attention?
schema.index({ city: 1, 'clock.provisional': 1, 'clock.calendar': 1 }, { partialFilterExpression: { 'clock.provisional': true } }); // which clocks wait for a year's holidays?

export type CaseCollection = Collection<Case<any>>;

/** Creates the indexes and gives the collection. */
export async function openCases(connection: Connection): Promise<CaseCollection> {
  const model = connection.models['Case'] ?? connection.model('Case', schema);
  await model.createIndexes();
  return connection.collection<Case<any>>('cases');
}

export const isDuplicate = (error: unknown): error is { code: number; keyPattern?: Record<string, number> } =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;
