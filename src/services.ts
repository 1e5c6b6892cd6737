import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { Config } from './config';
import { createInbound } from './chat/inbound';
import { createOutbound } from './chat/outbound';
import { createChat } from './chat/service';
import { createEvidence } from './evidence/evidence';
import { clamd } from './evidence/scanner';
import { personTag } from './kernel/actor';
import { openCases } from './kernel/cases';
import { createExports } from './exports/exports';
import { exportLog } from './exports/log';
import { createKernel } from './kernel/kernel';
import { createLook } from './kernel/look';
import { createRelay } from './kernel/relay';
import type { Logger } from './log';
import { createNotify } from './notify/notify';
import { redisPublisher } from './notify/live';
import { PROCEDURES } from './procedures';
import { FIGURES } from './procedures/figures';
import { directory } from './register/directory';
import { claimHolder, claimIdIn } from './register/claims';
import { createRegister } from './register/register';
import { throttle } from './register/throttle';
import { createPublish } from './review/live';
import { createReview } from './review/review';
import { cached, maySecond } from './review/reviewers';
import { createOfficialTextStore } from './rulebook/official-text';
import { createRetention } from './retention';
import { createRulebookStore } from './rulebook/store';
import { createStatistics } from './statistics/statistics';
import { connectMongo } from './store/mongo';
import { checkRedis, connectRedis } from './store/redis';
import { parseKeyRing } from './vault/crypto';
import { checkKeys } from './vault/check';
import { openingRecord } from './vault/record';
import { createVault } from './vault/vault';
import { createWechat } from './wechat/client';
import { pushLedger } from './wechat/ledger';

export interface Stores {
  connection: Connection;
  redis: Redis;
  /** For BullMQ: waits for Redis instead of failing. */
  queueRedis: Redis;
  close(): Promise<void>;
}

export async function openStores(config: Config, log: Logger): Promise<Stores> {
  const connection = await connectMongo(config.mongodbUri, config.mongodbName, { log });
  const redis = connectRedis(config.redisUrl, { role: 'request', log });
  const queueRedis = connectRedis(config.redisUrl, { role: 'worker', log });
  await checkRedis(queueRedis);
  return {
    connection, redis, queueRedis,
    close: async () => {
      await Promise.allSettled([redis.quit(), queueRedis.quit()]);
      await connection.close();
    },
  };
}

/** Everything the product is made of, joined once. Web and worker differ only in what they start on top of it. */
export async function createServices(config: Config, stores: Stores, log: Logger, clock: () => Date = () => new Date()) {
  const { connection, redis } = stores;
  const { city, redisPrefix: prefix } = config;
  const keys = parseKeyRing(config.vaultKeys);
  await checkKeys(connection, keys);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const cases = await openCases(connection);
  const rulebooks = createRulebookStore({ connection, city, clock });
  const rulebook = (version?: number) => (version === undefined ? rulebooks.current() : rulebooks.at(version));
  const officialText = createOfficialTextStore({ connection, city, clock });
  const wechat = createWechat({ ...config.wechat, redis, prefix, log, clock });

  const evidence = createEvidence({
    connection, keys, clock, city, log, caseExists: async (holder) => {
      const claim = claimIdIn(holder);
      return claim ? register.claims.exists(claim) : (await cases.countDocuments({ city, no: holder }, { limit: 1 })) > 0;
    },
    ...(config.clamd ? { scanner: clamd({ host: config.clamd.split(':')[0]!, port: Number(config.clamd.split(':')[1]) }) } : {}),
  });
  const register = createRegister({
    connection, redis, prefix, city, keys, clock, wechat, mayAttach: evidence.mayAttach,
    tell: (news) => notify.tellClaim(news),
    attachTo: async (claim, file, person) => { await evidence.attach([file], { caseNo: claimHolder(claim), uploader: person, field: 'licenceFile', showsName: true }); },
  });
  const people = directory({ models: register.models, city, clock });
  const vault = createVault({
    connection, keys, clock, city,
    // Whoever was recused held the case once and is no handler of it any more.
    isMember: async (person, no) => (await cases.countDocuments({ city, no, handlers: person, barred: { $ne: personTag(person) } }, { limit: 1 })) > 0,
    maySecond: async (person, no) => {
      const [c, reviewers] = await Promise.all([cases.findOne({ city, no }), people.reviewers()]);
      const reviewer = reviewers.find((one) => one.person === person);
      return Boolean(c && reviewer && maySecond(reviewer, c, PROCEDURES.get(c.procedure)!));
    },
  });
  const pushes = pushLedger(connection, clock);
  await Promise.all([register.ensureIndexes(), vault.prepare(), evidence.prepare(), pushes.ensureIndexes()]);

  const relay = createRelay({ redis, prefix, log });
  const look = createLook({
    city, cases, ...people, namesOf: register.staff.namesOf, mentionsIdentity: vault.mentions,
    fileHash: async (id) => (await evidence.get(id, ''))?.sha256 ?? null,
    isMember: async (person, org) => (await register.models.memberships.countDocuments({ city, person, org, active: true }, { limit: 1 })) > 0,
  });
  const kernel = createKernel({
    city, cases, procedures: PROCEDURES, now: clock, look, rulebook, organisationsNamed: people.organisationsNamed,
    attachFiles: async (ids, { no, person, field, showsName }) => { await evidence.attach(ids, { caseNo: no, uploader: person, field, showsName }); },
    seal: async (values, { no, person }) => {
      const identity = { name: values['name'] ?? '', idNumber: values['idNumber'] ?? '', phone: values['phone'] ?? '' };
      const account = await register.people.get(person);
      const earlier = await vault.earlierBy(identity.idNumber);
      const { id, pseudonym } = await vault.seal({ ...identity, caseNo: no, person });
      return { ref: id, pseudonym, earlier, phoneIsBound: account !== null && register.people.phoneOf(account) === identity.phone };
    },
    relay: relay.push,
  });

  const openings = openingRecord({ vault, act: kernel, clock, log });
  const retention = createRetention({ connection, city, cases, rulebook, eraseIdentity: vault.erase, eraseEvidence: evidence.eraseCase, clock, log });
  await retention.prepare();

  const outbound = createOutbound({ connection, city, personOf: people.personOf, sendCustomerText: wechat.sendCustomerText, now: clock, log });
  const notify = createNotify({
    converse: outbound.tell, connection, city, procedures: PROCEDURES, wechat, recipientsOf: people.recipientsOf, templates: config.wechat.templates,
    rulebook, publish: redisPublisher({ redis, prefix, log }), now: clock, log,
  });
  await notify.prepare();

  const review = createReview({
    city, cases, redis, prefix, directory: cached(people.reviewers), namesOf: register.people.namesOf, procedures: PROCEDURES, rulebook, now: clock, log,
    publish: createPublish(redis, prefix, log),
    escalate: async ({ no, reason }) => {
      const c = await cases.findOne({ city, no });
      if (c) await (reason === 'unclaimed' ? notify.unclaimed(c) : notify.remind(c, 'overdue'));
    },
  });

  const chat = createChat({ connection, city, kernel, people, quote: (no) => officialText.quote(no), tell: outbound.tell, now: clock, log });
  const inbound = createInbound({
    connection, city, chat, outbound, personOf: people.personOf, membershipsOf: register.memberships.of, sendCustomerText: wechat.sendCustomerText, typing: wechat.typing, now: clock, log,
  });
  await Promise.all([chat.prepare(), inbound.prepare(), outbound.prepare()]);

  const exportLines = exportLog(connection, city);
  await exportLines.prepare();
  const exporting = createExports({
    kernel, providers: people.publicRegister, namesOf: register.staff.namesOf, throttle: throttle({ redis, prefix }), log: exportLines, now: clock,
  });
  const statistics = createStatistics({ city, cases, procedures: PROCEDURES, figures: FIGURES, rulebook, now: clock });

  return { config, log, clock, registry, keys, cases, rulebooks, rulebook, wechat, evidence, register, people, vault, relay, look, kernel, notify, review, pushes, openings, retention, officialText, chat, inbound, statistics, exporting, stores };
}

export type Services = Awaited<ReturnType<typeof createServices>>;
