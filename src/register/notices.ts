import { createHash, randomBytes } from 'node:crypto';
import type { Collection, Connection } from 'mongoose';
import { dayInWords } from '../kernel/numbers';
import { beyond, cursorOf, parseCursor, sortOf, type Order } from '../kernel/paging';
import { Refusal } from '../kernel/refusal';
import { articleInWords } from '../rulebook/articles';
import type { ArticleNo } from '../rulebook/rulebook';
import { isDuplicate } from './models';

/**
 * 公告: what the measures make public, published as the effect of a case. `standing`: a provider enters or leaves the register
 * (第九、十六、十八条); `batch`: a notice of acceptance (第十二条（四）). Single ratings are not public; stars (第十四条) will be.
 */
export const NOTICE_KINDS = ['standing', 'batch'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What it is about: a provider of the register, or a case that anybody may read. */
export interface NoticeSubject { kind: 'provider' | 'case'; id: string; name: string }

/** As anybody reads it. `publishedAt` in ISO 8601 UTC; `body` is plain text with line breaks. */
export interface PublicNotice {
  id: string;
  kind: NoticeKind;
  title: string;
  body: string;
  article: ArticleNo;
  publishedAt: string;
  subject: NoticeSubject;
}

export interface NoticeQuery { kind?: NoticeKind; subject?: string; limit?: number; after?: string }
export type NewNotice = Omit<PublicNotice, 'id' | 'publishedAt'>;

interface NoticeDoc extends NewNotice {
  _id: string;
  city: string;
  /** Digest of the cause: exactly one notice for one effect, and not the number of a case that nobody outside may know of. */
  key: string;
  publishedAt: Date;
}

export interface Cause { no: string; seq: number; effect: string }
export type PublicNotices = ReturnType<typeof createPublicNotices>;

const PAGE = 20;
const NEWEST = [['publishedAt', -1], ['_id', -1]] as const satisfies Order;
const NOTICE_ID = /^[0-9a-f]{24}$/;

export function createPublicNotices({ connection, city, clock }: { connection: Connection; city: string; clock: () => Date }) {
  const notices: Collection<NoticeDoc> = connection.collection<NoticeDoc>('notices');

  async function prepare(): Promise<void> {
    await notices.createIndex({ city: 1, key: 1 }, { unique: true }); // was this effect published?
    await notices.createIndex({ city: 1, publishedAt: -1, _id: -1 }); // what was published, newest first?
    await notices.createIndex({ city: 1, kind: 1, publishedAt: -1, _id: -1 }); // the same, of one kind
    await notices.createIndex({ city: 1, 'subject.id': 1, publishedAt: -1, _id: -1 }); // what was published about this provider?
  }

  /** Publishes once for each cause, however often it is delivered. */
  async function publish({ kind, title, body, article, subject }: NewNotice, cause: Cause): Promise<void> {
    const key = createHash('sha256').update(`${cause.no}:${cause.seq}:${cause.effect}`).digest('hex');
    try {
      await notices.insertOne({ _id: randomBytes(12).toString('hex'), city, key, kind, title, body, article, subject, publishedAt: clock() });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  /** Newest first; `after` is the opaque `next` of the page before. */
  async function list({ kind, subject, limit = PAGE, after }: NoticeQuery): Promise<{ items: PublicNotice[]; next: string | null }> {
    const found = await notices.find({
      city, ...(kind ? { kind } : {}), ...(subject ? { 'subject.id': subject } : {}),
      ...(after ? beyond(NEWEST, parseCursor(NEWEST, after, NOTICE_ID)) : {}),
    }).sort(sortOf(NEWEST)).limit(limit + 1).toArray();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(view), next: found.length > limit && last ? cursorOf(NEWEST, last) : null };
  }

  async function read(id: string): Promise<PublicNotice> {
    const notice = await notices.findOne({ _id: id, city });
    if (!notice) throw new Refusal('NOT_FOUND');
    return view(notice);
  }

  return { prepare, publish, list, read };
}

/** A provider's new standing in the register, in words. Names neither the case behind it nor anybody in it. */
export function standingNotice(provider: { id: string; name: string }, standing: 'listed' | 'removed', article: ArticleNo, now: Date): NewNotice {
  const rests = `依据《新乡市中小企业数字化转型城市试点数字化服务商管理办法（试行）》${articleInWords(article)}，${provider.name}自${dayInWords(now)}起`;
  return {
    kind: 'standing', article, subject: { kind: 'provider', id: provider.id, name: provider.name },
    ...(standing === 'removed'
      ? { title: `关于${provider.name}退出服务商库的公告`, body: `${rests}退出新乡市中小企业数字化服务商库。` }
      : { title: `关于${provider.name}列入服务商库的公告`, body: `${rests}列入新乡市中小企业数字化服务商库。` }),
  };
}

const view = ({ _id, kind, title, body, article, publishedAt, subject }: NoticeDoc): PublicNotice =>
  ({ id: _id, kind, title, body, article, publishedAt: publishedAt.toISOString(), subject });
