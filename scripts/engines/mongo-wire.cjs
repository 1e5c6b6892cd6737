'use strict';
/** The little of MongoDB's wire protocol (OP_MSG, and OP_REPLY for the first handshake) that the engine host has to know. */

const OP_REPLY = 1;
const OP_MSG = 2013;
const HEADER = 16; // length, request id, id of the message answered, opcode; each a little-endian int32
const OK = Buffer.from('\x01ok\0\0\0\0\0\0\0\xf0\x3f', 'latin1');
const BODY_AT = HEADER + 4 + 1; // flags, kind of the first section (a body: drivers put it first)

let lastId = 0;

/** Of the message at the start of `bytes`; undefined while its header is incomplete. */
function messageLength(bytes) {
  if (bytes.length < HEADER) return undefined;
  const length = bytes.readInt32LE(0);
  if (length < HEADER) throw new Error(`a message cannot be ${length} bytes long`);
  return length;
}

/** The first key of the body; 'hello' for the older opcode, which only handshakes use. */
function commandName(message) {
  if (message.readInt32LE(12) !== OP_MSG) return 'hello';
  const from = BODY_AT + 4 + 1; // the document's length, the first element's type
  return message.toString('latin1', from, message.indexOf(0, from));
}

/** The engine's reply as the driver expects it. */
function frame({ requestId, legacy, response }) {
  // OP_REPLY: flags, cursor id (8 bytes), starting from, number returned = 1. OP_MSG: flags and section kind, all zero.
  const head = Buffer.alloc(HEADER + (legacy ? 20 : 5));
  head.writeInt32LE(head.length + response.length, 0);
  head.writeInt32LE(++lastId, 4);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  if (legacy) head.writeInt32LE(1, HEADER + 16);
  return Buffer.concat([head, response]);
}

/** `{ ok: 1.0 }` without an error about durability. */
function isOk(response) {
  return response.includes(OK) && !response.includes('writeConcernError');
}

/** A delete that finds nothing, in a collection that does not exist, acknowledged when the journal is on disk. */
const JOURNAL_FLUSH = request(document({
  delete: 'nothing',
  deletes: [{ q: { _id: 0 }, limit: 1 }],
  writeConcern: { w: 1, j: true },
  $db: 'flush',
}));

/** OP_MSG with this body. */
function request(body) {
  const head = Buffer.alloc(BODY_AT);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

/** BSON of strings, int32, booleans, arrays and documents. */
function document(value) {
  const elements = Object.entries(value).map(([key, item]) => {
    const [type, bytes] = element(item);
    return Buffer.concat([Buffer.from([type]), Buffer.from(`${key}\0`), bytes]);
  });
  const size = Buffer.alloc(4);
  const bytes = Buffer.concat([size, ...elements, Buffer.from([0])]);
  bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}

function element(item) {
  if (typeof item === 'object') return [Array.isArray(item) ? 0x04 : 0x03, document(item)];
  if (typeof item === 'boolean') return [0x08, Buffer.from([item ? 1 : 0])];
  const int = Buffer.alloc(4);
  if (typeof item === 'number') {
    int.writeInt32LE(item);
    return [0x10, int];
  }
  const text = Buffer.from(`${item}\0`);
  int.writeInt32LE(text.length);
  return [0x02, Buffer.concat([int, text])];
}

module.exports = { messageLength, commandName, frame, isOk, JOURNAL_FLUSH };
