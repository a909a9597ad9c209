// What the window computes by itself, without a browser: node --test tests/
import assert from 'node:assert/strict'
import test from 'node:test'
import { build } from 'esbuild'

// What a browser has and Node lacks.
const kept = new Map()
globalThis.localStorage = { getItem: k => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) }
globalThis.location = { hash: '' }
globalThis.addEventListener = () => undefined
globalThis.document = { documentElement: { dataset: {} }, hidden: false }
globalThis.matchMedia = () => ({ matches: false, addEventListener: () => undefined })
globalThis.getComputedStyle = () => ({ getPropertyValue: () => '' })
globalThis.sessionStorage = globalThis.localStorage

const load = async file => {
  const made = await build({ entryPoints: [new URL(`../src/${file}`, import.meta.url).pathname], bundle: true, write: false, format: 'esm', platform: 'browser',
    jsx: 'automatic', jsxImportSource: 'preact', loader: { '.css': 'empty' }, logLevel: 'error' })
  return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString('base64')}`)
}

test('numbers, times and durations carry their units', async () => {
  const f = await load('format.ts')
  assert.equal(f.number(1234567.891, 1), '1\u202f234\u202f567.9')
  assert.equal(f.number(-0.001, 1), '0.0', 'no minus nought')
  assert.equal(f.number(null), '–')
  assert.equal(f.number(Infinity), '–')
  assert.equal(f.percent(0.8766, 1), '87.7 %')
  assert.equal(f.signed(2.34), '+2.3')
  assert.equal(f.signed(0.001, 1), '0.0')
  assert.equal(f.signed(-2.36), '−2.4')
  assert.equal(f.time(Date.UTC(2026, 2, 1, 8, 5)), '2026-03-01 08:05 UTC')
  assert.equal(f.time(undefined), '–')
  assert.equal(f.duration(0), '0 s')
  assert.equal(f.duration(90_000), '1 min 30 s')
  assert.equal(f.duration(26 * 3_600_000), '1 d 2 h')
  assert.equal(f.duration(3_600_000), '1 h')
  assert.equal(f.duration(-60_000), '−1 min')
  assert.equal(f.spread([1, 2, null]), '2 [1, ∞]')
  assert.equal(f.plural(1, 'lot'), '1 lot')
})

test('a place is read from its link and written back', async () => {
  const r = await load('route.ts')
  const p = r.placeOf('#/tools/LithoScan_2%231?part=list')
  assert.equal(p.page, 'tools')
  assert.equal(p.name, 'LithoScan_2#1')
  assert.equal(p.query.get('part'), 'list')
  assert.equal(r.link('tools', 'LithoScan_2#1', { part: 'list' }), '#/tools/LithoScan_2%231?part=list')
  assert.equal(r.placeOf('').page, 'overview')
  assert.equal(r.placeOf('#/lots/%E0%A4%A').name, '%E0%A4%A', 'what is no code stands as it is')
})

test('trust is said by the worst that is known', async () => {
  const { trust } = await load('trust.ts')
  const s = { scores: [], silent: [], missing: [], missing_messages: 0, stale: false, diverged: '', trouble: '', ready: true, data_age_ms: 5_000 }
  assert.equal(trust(s).word, 'not scored yet')
  const row = (coverage, low, high, scores = 100) => ({ quantity: 'WIP', ahead: '1 d', scores, coverage90: coverage, coverage90_low: low, coverage90_high: high })
  assert.equal(trust({ ...s, scores: [row(0.9, 0.85, 0.95)] }).word, 'in step')
  assert.equal(trust({ ...s, scores: [row(0.7, 0.6, 0.8)] }).tone, 'warn')
  assert.equal(trust({ ...s, scores: [row(0.7, 0.6, 0.8, 10)] }).word, 'not scored yet', 'ten scores say nothing')
  assert.equal(trust({ ...s, stale: true }).word, 'stale')
  assert.equal(trust({ ...s, stale: true, diverged: 'x' }).word, 'not valid')
  assert.equal(trust({ ...s, trouble: 'disk', diverged: 'x' }).word, 'record in trouble')
})

test('small holes of a series are bridged, large ones stay', async () => {
  const { bridged } = await load('parts/Fan.tsx')
  assert.deepEqual(bridged([1, null, 3]), [1, 2, 3])
  assert.deepEqual(bridged([1, null, null, 4]), [1, 2, 3, 4])
  assert.deepEqual(bridged([1, null, null, null, 4]), [1, null, null, null, 4])
  assert.deepEqual(bridged([null, 2, null]), [null, 2, null], 'nothing is made up at an end')
})

test('of a row of a Gantt the first bar in sight is found, whatever overlaps', async () => {
  const { barsOf, firstAfter } = await load('parts/Gantt.tsx')
  const jobs = { tools: ['a', 'b'], bar: { tool: [1, 0, 0, 0], from: [5, 30, 0, 10], until: [9, 40, 100, 20] } }
  const { rows } = barsOf(jobs)
  assert.deepEqual(rows.map(r => r.bars), [[2, 3, 1], [0]])
  const longest = 100
  const first = t => rows[0].bars[firstAfter(rows[0].bars, jobs.bar.until, longest, jobs.bar.from, t)]
  assert.equal(first(0), 2)
  assert.equal(first(50), 2, 'a long bar that began before what is in sight')
  assert.equal(first(101), undefined)
})

test('wafers are stacked die by die, of one size', async () => {
  const { stacked } = await load('parts/WaferMap.tsx')
  const map = (dies, rows = 2) => ({ rows, cols: 2, dies })
  const s = stacked([map('.122'), map('.112'), map('12', 1)])
  assert.equal(s.maps, 2)
  assert.deepEqual([...s.tried], [0, 2, 2, 2])
  assert.deepEqual([...s.bad], [0, 0, 1, 2])
  assert.equal(stacked([]), null)
})

test('the map of the fab has a place for each group, none over another', async () => {
  const { layOut } = await load('parts/FlowMap.tsx')
  const plan = { areas: [], groups: [] }
  for (let a = 0; a < 12; a++) {
    const groups = []
    for (let g = 0; g < 1 + (a * 7) % 17; g++) groups.push(plan.groups.push({}) - 1)
    plan.areas.push({ name: `A${a}`, groups })
  }
  for (const width of [320, 700, 1400, 3800]) {
    const { boxes, height } = layOut(plan, width)
    const cells = boxes.flatMap(b => b.cells)
    assert.equal(cells.length, plan.groups.length)
    for (const b of boxes) assert.ok(b.x >= 0 && b.x + b.w <= width + 1 && b.y + b.h <= height, `${width}`)
    for (let i = 0; i < cells.length; i++)
      for (let j = i + 1; j < cells.length; j++)
        assert.ok(Math.abs(cells[i].x - cells[j].x) >= 78 || Math.abs(cells[i].y - cells[j].y) >= 44)
  }
})

test('lots are found by any of their words, and hot ones are above the usual', async () => {
  const { matches, usualPriority, risky } = await load('views/Lots.tsx')
  const lot = { name: 'L12', product: 'part_3', group: 'Etch', step: 'r_3/12', place: 'queued', tool: undefined, priority: 20, on_time: 0.3 }
  assert.ok(matches(lot, 'etch l1'))
  assert.ok(!matches(lot, 'etch l9'))
  assert.ok(matches(lot, ''))
  assert.equal(usualPriority([lot, { ...lot, priority: 10 }]), 10)
  assert.ok(risky(lot))
  assert.ok(!risky({ ...lot, on_time: null }), 'nobody knows')
})
