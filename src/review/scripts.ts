/**
 * The scripts that keep the queues in Redis. Each runs alone, so a task is in one place at any time. Keys, under one prefix:
 *
 * task:NO      hash   place (pool | offer | claim | gone), seq, v (version of the case last seen), desk, lane, score, since,
 *                     person, until (lease, ms), sure (1: the claim is in MongoDB), tried, steps, load, free, escalated
 * pool:LANE    zset   waiting for whoever takes it; score: priority, then age (see `scoreOf`). A lane is DESK@REGION
 * held:PERSON  zset   offered to or claimed by; score: end of the lease. Its size is the load: it cannot drift
 * leases       zset   the ends of all leases          idle     zset   when each person was last given something
 * open:LANE, claimed:LANE, due:LANE, watch            boards and escalation
 * lanes, openlanes, people                            which of the above exist
 * fair         hash   LANE|PRIORITY|PARTY -> the place in time of that party's last task
 */
const LIBRARY = `
local P = KEYS[1]
local call = redis.call

-- Lua would print large numbers with an exponent and lose digits.
local function int(n) return string.format('%.0f', n) end

local function read(no)
  local flat = call('HGETALL', P .. ':task:' .. no)
  if #flat == 0 then return nil end
  local t = {}
  for i = 1, #flat, 2 do t[flat[i]] = flat[i + 1] end
  return t
end

local function write(no, t, fields)
  for name, value in pairs(fields) do
    if value == false then
      t[name] = nil
      call('HDEL', P .. ':task:' .. no, name)
    else
      t[name] = value
      call('HSET', P .. ':task:' .. no, name, value)
    end
  end
end

local function takeOut(no, t)
  if t.place == 'pool' then
    call('ZREM', P .. ':pool:' .. t.lane, no)
    if call('EXISTS', P .. ':pool:' .. t.lane) == 0 then call('SREM', P .. ':lanes', t.lane) end
  elseif t.person then
    call('ZREM', P .. ':held:' .. t.person, no)
    if call('EXISTS', P .. ':held:' .. t.person) == 0 then call('SREM', P .. ':people', t.person) end
  end
  call('ZREM', P .. ':leases', no)
end

local function toPool(no, t)
  takeOut(no, t)
  call('ZADD', P .. ':pool:' .. t.lane, t.score, no)
  call('SADD', P .. ':lanes', t.lane)
  call('SREM', P .. ':claimed:' .. t.lane, no)
  if not t.escalated then call('ZADD', P .. ':watch', t.since, no) end
  write(no, t, { place = 'pool', person = false, ['until'] = false, sure = false })
end

local function hold(no, t, person, place, lease, sure)
  takeOut(no, t)
  call('ZADD', P .. ':held:' .. person, lease, no)
  call('SADD', P .. ':people', person)
  call('ZADD', P .. ':leases', lease, no)
  if sure then
    call('SADD', P .. ':claimed:' .. t.lane, no)
    call('ZREM', P .. ':watch', no)
  else
    call('SREM', P .. ':claimed:' .. t.lane, no)
    if not t.escalated then call('ZADD', P .. ':watch', t.since, no) end
  end
  write(no, t, { place = place, person = person, ['until'] = lease, sure = sure and '1' or false })
end

local function given(person, at) call('ZADD', P .. ':idle', 'GT', at, person) end

local function hasTried(t, person) return t.tried and string.find(t.tried, ' ' .. person .. ' ', 1, true) ~= nil end
local function markTried(no, t, person)
  if not hasTried(t, person) then write(no, t, { tried = (t.tried or ' ') .. person .. ' ' }) end
end

local function forget(no, t)
  takeOut(no, t)
  call('ZREM', P .. ':open:' .. t.lane, no)
  if call('EXISTS', P .. ':open:' .. t.lane) == 0 then call('SREM', P .. ':openlanes', t.lane) end
  call('ZREM', P .. ':due:' .. t.lane, no)
  call('SREM', P .. ':claimed:' .. t.lane, no)
  call('ZREM', P .. ':watch', no)
end
`;

/** Brings the queues in line with one reading of a case; an older reading than the last changes nothing. */
const PLACE = `
local no, version, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local task, candidates, set = cjson.decode(ARGV[4]), cjson.decode(ARGV[5]), cjson.decode(ARGV[6])
local t = read(no)
if t and tonumber(t.v) > version then return { 'old', t.person or '', '', '0' } end
local was = t and t.place ~= 'gone' and t.person or ''
local wasPlace = t and t.place or ''

if not task.seq then
  local wasOpen = t ~= nil and t.place ~= 'gone'
  if wasOpen then forget(no, t) end
  -- Remembered for a while, so that a late reading does not bring the task back.
  call('DEL', P .. ':task:' .. no)
  call('HSET', P .. ':task:' .. no, 'place', 'gone', 'v', ARGV[2])
  call('PEXPIRE', P .. ':task:' .. no, set.remember)
  return { 'gone', '', was, wasOpen and '1' or '0', t and t.lane or '' }
end

local fresh = not t or t.place == 'gone' or t.seq ~= task.seq
if fresh then
  if t and t.place ~= 'gone' then forget(no, t) end
  call('DEL', P .. ':task:' .. no)
  -- Within one priority the oldest goes first, but several tasks of one party count as if they had come one by one.
  local at = tonumber(task.since)
  if task.party then
    local turn = task.lane .. '|' .. task.priority .. '|' .. task.party
    local last = call('HGET', P .. ':fair', turn)
    if last and tonumber(last) + set.turn > at then at = tonumber(last) + set.turn end
    call('HSET', P .. ':fair', turn, int(at))
  end
  t = {}
  write(no, t, { place = 'new', seq = task.seq, v = ARGV[2], desk = task.desk, lane = task.lane, since = task.since,
    score = int(at - tonumber(task.priority) * 1e13) })
  call('ZADD', P .. ':open:' .. t.lane, t.since, no)
  call('SADD', P .. ':openlanes', t.lane)
end
write(no, t, { v = ARGV[2], steps = ARGV[7], escalated = task.escalated and '1' or false })
if task.due then call('ZADD', P .. ':due:' .. t.lane, task.due, no) else call('ZREM', P .. ':due:' .. t.lane, no) end

if task.assignee then
  local same = t.place == 'claim' and t.person == task.assignee
  local known = same and t.sure ~= nil
  if not same then given(task.assignee, task.claimedAt) end
  -- An equal claim is written again all the same: it mends whatever is missing of it.
  hold(no, t, task.assignee, 'claim', known and t['until'] or int(now + set.claim), true)
  return { 'claim', task.assignee, was, known and '0' or '1' }
end

-- Somebody is between the claim here and the write in MongoDB.
if t.place == 'claim' and not t.sure and tonumber(t['until']) > now then return { 'claiming', t.person, was, '0' } end

local function stillSuits(person)
  for _, candidate in ipairs(candidates) do if candidate[1] == person then return true end end
  return false
end
if t.place == 'offer' and stillSuits(t.person) then
  hold(no, t, t.person, 'offer', t['until'], false)
  return { 'offer', t.person, was, '0' }
end

local choose = set.again or t.place ~= 'pool'
toPool(no, t)
if choose then
  local best, bestLoad, bestIdle
  local free = 0
  for _, candidate in ipairs(candidates) do
    local person, load = candidate[1], call('ZCARD', P .. ':held:' .. candidate[1])
    if load < candidate[2] then
      free = free + 1
      if not hasTried(t, person) then
        local idle = tonumber(call('ZSCORE', P .. ':idle', person) or '0')
        if not best or load < bestLoad or (load == bestLoad and idle < bestIdle) then best, bestLoad, bestIdle = person, load, idle end
      end
    end
  end
  write(no, t, { free = int(free), load = best and int(bestLoad) or false })
  if best and set.offers then
    hold(no, t, best, 'offer', int(now + set.offer), false)
    given(best, int(now))
    return { 'offer', best, was, '1' }
  end
end
return { 'pool', '', was, (fresh or wasPlace ~= 'pool') and '1' or '0' }
`;

/** First half of a claim: nobody else gets the task while MongoDB is being written. */
const CLAIM = `
local no, seq, person, now, lease, capacity = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6])
local t = read(no)
if not t or t.place == 'gone' or t.seq ~= seq then return { 'unknown' } end
local mine = t.person == person
local lapsed = t.place == 'offer' and tonumber(t['until']) <= now
if t.place == 'claim' and mine then return { 'ok', t.steps or '', t.load or '', t.free or '', 'claim' } end
if t.place == 'claim' or (t.place == 'offer' and not mine and not lapsed) then return { 'taken', t.sure and t.v or '' } end
local load = call('ZCARD', P .. ':held:' .. person)
if not mine and load >= capacity then return { 'full', int(load) } end
local from = t.place
hold(no, t, person, 'claim', lease, false)
given(person, int(now))
return { 'ok', t.steps or '', mine and t.load or int(load), t.free or '', from }
`;

/** A claim that MongoDB did not accept. */
const DROP = `
local t = read(ARGV[1])
if t and t.seq == ARGV[2] and t.place == 'claim' and t.person == ARGV[3] and not t.sure then toPool(ARGV[1], t) return 1 end
return 0
`;

/** Back to the old place: a return, a lapsed or declined offer. The same person is not offered it again. */
const PUT_BACK = `
local no, seq, person, version, lapsedBy = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local t = read(no)
if not t or t.place == 'gone' or t.seq ~= seq or t.person ~= person then return 0 end
if lapsedBy ~= '' and tonumber(t['until']) > tonumber(lapsedBy) then return 0 end
if ARGV[6] ~= '' and t.place ~= ARGV[6] then return 0 end
if version > tonumber(t.v) then write(no, t, { v = int(version) }) end
markTried(no, t, person)
toPool(no, t)
return 1
`;

/** Any activity of the claimant begins the lease anew. */
const TOUCH = `
local t = read(ARGV[1])
if not t or t.place ~= 'claim' or t.person ~= ARGV[2] or not t.sure then return 0 end
hold(ARGV[1], t, t.person, 'claim', ARGV[3], true)
return 1
`;

/** Leases that have run out: no, seq, person, place, sure of each. */
const EXPIRED = `
local out = {}
for _, no in ipairs(call('ZRANGEBYSCORE', P .. ':leases', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local t = read(no)
  if t and t.person then out[#out + 1] = { no, t.seq, t.person, t.place, t.sure or '' } else call('ZREM', P .. ':leases', no) end
end
return out
`;

/** The next waiting of the given desks and regions, after a place if one is given: no, score of each, lane by lane. */
const HEADS = `
local limit, score, after = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local desks, regions, anyRegion = {}, {}, true
for _, desk in ipairs(cjson.decode(ARGV[4])) do desks[desk] = true end
for _, region in ipairs(cjson.decode(ARGV[5])) do regions[region] = true anyRegion = false end
local out = {}
for _, lane in ipairs(call('SMEMBERS', P .. ':lanes')) do
  local desk, region = string.match(lane, '^([^@]+)@(.+)$')
  if desks[desk] and (anyRegion or regions[region]) then
    local pool, from = P .. ':pool:' .. lane, 0
    if score ~= '' then
      -- Entered for a moment, the mark tells how many stand before it, ties included.
      local added = call('ZADD', pool, 'NX', score, after)
      local rank = call('ZRANK', pool, after)
      if added == 1 then
        call('ZREM', pool, after)
        from = rank
      else
        from = rank + 1
      end
    end
    for _, value in ipairs(call('ZRANGE', pool, from, from + limit - 1, 'WITHSCORES')) do out[#out + 1] = value end
  end
end
return out
`;

/** What a person has been offered: no, end of the offer of each. */
const OFFERS = `
local out = {}
for _, no in ipairs(call('ZRANGE', P .. ':held:' .. ARGV[1], 0, -1)) do
  local t = read(no)
  if t and t.place == 'offer' and tonumber(t['until']) > tonumber(ARGV[2]) then out[#out + 1] = no end
end
return out
`;

/** Counts by lane and by person, as JSON. */
const BOARD = `
local lanes, people = {}, {}
for _, lane in ipairs(call('SMEMBERS', P .. ':openlanes')) do
  local first = call('ZRANGE', P .. ':open:' .. lane, 0, 0, 'WITHSCORES')
  lanes[#lanes + 1] = { lane, call('ZCARD', P .. ':open:' .. lane), call('SCARD', P .. ':claimed:' .. lane),
    call('ZCOUNT', P .. ':due:' .. lane, '-inf', '(' .. ARGV[1]), first[2] or '0' }
end
for _, person in ipairs(call('SMEMBERS', P .. ':people')) do
  local offered, claimed = 0, 0
  for _, no in ipairs(call('ZRANGE', P .. ':held:' .. person, 0, -1)) do
    if call('HGET', P .. ':task:' .. no, 'place') == 'offer' then offered = offered + 1 else claimed = claimed + 1 end
  end
  people[#people + 1] = { person, offered, claimed }
end
return cjson.encode({ lanes = lanes, people = people })
`;

/** A case that MongoDB does not have. */
const REMOVE = `
local t = read(ARGV[1])
if t and t.place ~= 'gone' then forget(ARGV[1], t) end
call('DEL', P .. ':task:' .. ARGV[1])
return 1
`;

/** Only whoever began the last rebuild may declare the queues whole: a flush in the middle takes the mark away. */
const READY = `
if call('GET', P .. ':building') ~= ARGV[1] then return 0 end
call('SET', P .. ':ready', ARGV[1])
return 1
`;

/** Turns that lie in the past delay nobody any more. */
const PRUNE = `
local cursor, pruned = ARGV[2], 0
local found = call('HSCAN', P .. ':fair', cursor, 'COUNT', 500)
for i = 1, #found[2], 2 do
  if tonumber(found[2][i + 1]) < tonumber(ARGV[1]) then call('HDEL', P .. ':fair', found[2][i]) pruned = pruned + 1 end
end
return { found[1], pruned }
`;

export const SCRIPTS = Object.freeze(Object.fromEntries(
  Object.entries({ PLACE, CLAIM, DROP, PUT_BACK, TOUCH, EXPIRED, HEADS, OFFERS, BOARD, REMOVE, READY, PRUNE })
    .map(([name, body]) => [name, LIBRARY + body]),
)) as Readonly<Record<'PLACE' | 'CLAIM' | 'DROP' | 'PUT_BACK' | 'TOUCH' | 'EXPIRED' | 'HEADS' | 'OFFERS' | 'BOARD' | 'REMOVE' | 'READY' | 'PRUNE', string>>;
