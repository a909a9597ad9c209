// The window in Debian's Chromium, over a real twin of a real plant: every view, and the whole story of `./run`.
//   node check.mjs PROGRAM ROOT FOLDER [--story] [--shots FOLDER] [--wafers FOLDER]
// Says "ok ..." and "wrong ..." line by line, at the end "N checks, M wrong".
import { createRequire } from 'node:module'
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { House, sleep } from './house.mjs'

const [program, root, folder, ...flags] = process.argv.slice(2)
const flag = name => { const at = flags.indexOf(`--${name}`); return at < 0 ? '' : flags[at + 1] ?? 'yes' }
const story = flags.includes('--story'), shots = flag('shots')
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let checks = 0, wrong = 0
const check = (good, what) => { checks++; if (!good) wrong++; console.log(`${good ? 'ok' : 'wrong'} ${what}`) }

// A machine that is busy with other tests keeps up with ten minutes a second, and leaves people time to decide.
const house = new House(program, root, folder, { wafers: flag('wafers'), speed: Number(flag('speed') || 600) })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const troubles = []

// A browser of somebody's own. All that goes wrong in it, and all that it asks of others, is remembered.
const visit = async (who, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options })
  const page = await context.newPage()
  page.on('pageerror', e => troubles.push(`${who}: ${e.message}`))
  page.on('console', m => {
    // That a thing is not there (yet), or that a line is cut, is told to people, and by the browser to its console.
    if (m.type() === 'error' && !/Failed to load resource|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/.test(m.text())) troubles.push(`${who}: ${m.text()}`)
  })
  page.on('request', r => { if (!r.url().startsWith(options.baseURL ?? house.base)) troubles.push(`${who} asks ${r.url()}`) })
  return page
}
const enter = async (page, token, base = house.base) => {
  await page.goto(base)
  await page.getByLabel('Token').fill(token)
  await page.getByRole('button', { name: 'Come in' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
}
const to = async (page, place) => {
  await page.evaluate(at => { location.hash = at }, `#/${place}`)
}
// Accessibility: what axe finds serious or critical, in light and in dark.
const audit = async (page, name) => {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await sleep(150)
    await page.evaluate(source => { if (!window.axe) (0, eval)(source) }, axe).catch(() => undefined)
    const found = await page.evaluate(async () => {
      const all = await window.axe.run(document, { resultTypes: ['violations'] })
      return all.violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => `${v.id}: ${v.nodes.slice(0, 2).map(n => n.html.slice(0, 120)).join(' | ')}`)
    })
    check(found.length === 0, `axe, ${name}, ${colorScheme}${found.length ? `: ${found.join('; ')}` : ''}`)
  }
}
const shot = async (page, name, options = {}) => {
  if (!shots) return
  fs.mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: path.join(shots, `${name}.png`), ...options })
}
const sees = async (page, locator, what, seconds = 15) => {
  try {
    await locator.first().waitFor({ timeout: seconds * 1000 })
    check(true, what)
    return true
  } catch {
    check(false, `${what} (not seen in ${seconds} s)`)
    await page.screenshot({ path: path.join(folder, `wrong-${checks}.png`) }).catch(() => undefined)
    return false
  }
}

try {
  await house.begin()
  await house.people()

  // The door: a wrong token is refused in words; accounts are opened in the window itself.
  const admin = await visit('admin', { bypassCSP: false })
  await admin.goto(house.base)
  await admin.getByLabel('Token').fill('not-a-token')
  await admin.getByRole('button', { name: 'Come in' }).click()
  await sees(admin, admin.getByRole('alert'), 'a wrong token is refused in words')
  await enter(admin, (await house.ask('admin', 'POST', '/v1/tokens')).token)
  await to(admin, 'people')
  await admin.getByLabel('Name').fill('anna')
  await admin.getByLabel('viewer').uncheck()
  await admin.getByLabel('approver').check()
  await admin.getByRole('button', { name: 'Open', exact: true }).click()
  const given = admin.getByRole('status').filter({ hasText: /\S{40}/ })
  await sees(admin, given, 'an account is opened, its token shown once')
  const annas = (await given.first().textContent()).trim()

  // axe comes into the page past the content security policy, which forbids it as it should; all else obeys.
  const anna = await visit('anna', { bypassCSP: true })
  await enter(anna, annas)
  check(!(await anna.evaluate(() => document.cookie)), 'there are no cookies')
  await sees(anna, anna.getByText('live', { exact: true }), 'the line is live')
  await sees(anna, anna.locator('svg.map a').nth(20), 'overview: the map of tool groups')
  const first = await anna.locator('header.top').innerText()
  await anna.waitForFunction(before => document.querySelector('header.top').innerText !== before, first, { timeout: 10_000 })
  check(true, 'the head goes on by itself')
  await audit(anna, 'overview')
  await shot(anna, 'overview')

  const views = [
    ['forecast', () => anna.locator('.uplot canvas'), 'the fan of the fab'],
    ['forecast?part=group', () => anna.getByText('Tools able to work'), 'the forecast of a group'],
    ['tools', () => anna.locator('.gantt canvas'), 'bars of tools'],
    ['tools?part=list', () => anna.getByRole('grid', { name: 'Tools' }), 'the list of tools'],
    ['tools/LithoScan_2%231', () => anna.locator('section.panel', { hasText: 'Traces' }).locator('canvas'), 'a tool, what its line tells, and a trace'],
    ['groups/LithoScan_2', () => anna.getByRole('heading', { name: 'Queue' }), 'a group'],
    ['lots', () => anna.getByRole('grid', { name: 'Lots' }).getByRole('row').nth(10), 'lots'],
    ['wafers', () => anna.locator('.wafers canvas').nth(10), 'wafer maps'],
    ['decisions', () => anna.getByText(/Nothing waits|of 2 approvals/), 'decisions'],
    ['decisions?part=history', () => anna.getByText('Promised, and what came'), 'what became of decisions'],
    ['what-if', () => anna.getByRole('button', { name: 'Simulate' }), 'what if'],
    ['record', () => anna.getByText('The twin as it was'), 'time travel'],
    ['record/trail', () => anna.getByText('people.account').or(anna.locator('table.plain tbody tr')), 'the trail'],
    ['record/provenance', () => anna.locator('ol.chain td.mono', { hasText: /^[0-9a-f]{16}…$/ }), 'a forecast down to the bytes of messages'],
    ['record/quarantine', () => anna.getByText('messages were set aside'), 'quarantine'],
    ['record/doubts', () => anna.getByText('Of what the twin is not sure'), 'doubts'],
    ['record/entries?entry=100', () => anna.getByText('What it tells').or(anna.getByText('Text')), 'an entry']]
  await sees(anna, anna.getByText(/in 1 d: \d/), 'a first forecast', 120)
  for (let k = 1; k <= 5; k++) await house.measured('LithoScan_2#1', 'pressure', 100 + k, k)
  for (const [place, sight, name] of views) {
    await to(anna, place)
    await sees(anna, sight(), `view: ${name}`)
    await sleep(400)
    await audit(anna, name)
    await shot(anna, place.replaceAll(/[^a-z-]+/gi, '-'))
  }
  await to(anna, 'tools/LithoScan_2%231')
  await sees(anna, anna.getByText('secs/LithoScan_2#1'), 'how good what its line tells is')
  await to(anna, 'lots')
  await anna.getByRole('searchbox').fill('L7')
  await sees(anna, anna.getByText(/^\d+ of [\d\u202f]+ lots$/), 'lots are searched')
  await anna.locator('.table .body').focus()
  await anna.keyboard.press('ArrowDown')
  await anna.keyboard.press('Enter')
  await sees(anna, anna.getByRole('heading', { name: /^Lot L/ }), 'a lot is opened by the keyboard')
  await sees(anna, anna.getByText(/Step \d+ of \d+/), 'its route')
  await audit(anna, 'a lot')
  await shot(anna, 'lot')
  await to(anna, 'nonsense')
  await sees(anna, anna.getByText('There is no page'), 'a page that is not there says so')

  // A question, its two futures, and the same for whom the link is sent to.
  const emil = await visit('emil')
  await enter(emil, (await house.ask('emil', 'POST', '/v1/tokens')).token)
  await to(emil, 'what-if?kind=tool-bought&group=LithoScan_2')
  await emil.getByRole('button', { name: 'Add' }).click()
  await emil.getByLabel('Pairs of runs').fill('4')
  await emil.getByLabel('Days ahead').fill('1')
  await emil.getByRole('button', { name: 'Simulate' }).click()
  await sees(emil, emil.getByText('Hour by hour'), 'what if: two futures side by side', 60)
  await shot(emil, 'what-if-result')
  const vera = await visit('vera', { bypassCSP: true })
  await enter(vera, (await house.ask('vera', 'POST', '/v1/tokens')).token)
  await to(vera, (await emil.evaluate(() => location.hash)).slice(2))
  await sees(vera, vera.getByText('Hour by hour'), 'the same by its link, for somebody who may not ask himself')
  await audit(vera, 'two futures')
  await to(vera, 'what-if')
  await sees(vera, vera.getByText('Your role does not ask what-if'), 'roles are respected: a viewer asks nothing')
  await to(vera, 'record/trail')
  await sees(vera, vera.getByText('Your role does not read the trail'), 'nor reads the trail')

  // Time travel: an hour of the fab ago.
  await to(anna, 'record')
  await anna.getByRole('button', { name: 'An hour back' }).click()
  await sees(anna, anna.getByText(/entries folded in/), 'the twin as it was an hour ago', 30)
  await audit(anna, 'the past')
  await shot(anna, 'past')

  // The twin is killed and comes back: people see that, and what they see goes on by itself.
  await to(anna, 'overview')
  await house.killTwin()
  await sees(anna, anna.getByText('Connection lost'), 'a lost connection is told', 60)
  await shot(anna, 'lost')
  house.serve()
  await anna.getByText('Connection lost').waitFor({ state: 'detached', timeout: 60_000 })
  check(true, 'it is taken up again by itself')
  await anna.reload()
  await sees(anna, anna.getByText('live', { exact: true }), 'a reload keeps the session')

  // A phone, and a wall.
  for (const [name, width, height] of [['phone', 390, 844], ['wall', 3840, 2160]]) {
    await anna.setViewportSize({ width, height })
    await sleep(600)
    const over = await anna.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    check(over <= 1, `${name}: nothing runs over the edge (${over} px)`)
    await audit(anna, name)
    await shot(anna, name)
  }
  await anna.setViewportSize({ width: 1440, height: 1000 })

  if (story) {
    await tell({ anna })
    await change()
  }
  check(troubles.length === 0, `nothing went wrong unseen, and nobody else was asked${troubles.length ? `: ${troubles.slice(0, 5).join('; ')}` : ''}`)
} catch (e) {
  check(false, `${e.stack ?? e}`)
} finally {
  await browser.close().catch(() => undefined)
  house.end()
}
console.log(`${checks} checks, ${wrong} wrong`)

// A fab whose lots wait, where nothing but the order of lots may be changed: an engineer tries another priority than the proposed one, sees what it
// brings, takes it; an approver approves that.
async function change() {
  const crowd = path.join(folder, 'crowd')
  fs.cpSync(path.join(root, 'data/minifab'), crowd, { recursive: true })
  const orders = path.join(crowd, 'order.txt')
  fs.writeFileSync(orders, fs.readFileSync(orders, 'utf8').replace('197.65', '182').replace('\t336\t', '\t310\t').replace('3360', '3100'))
  const other = new House(program, root, path.join(folder, 'other'), { fab: crowd, rules: '["fifo"]', speed: 1200, secondPerson: false })
  try {
    await other.begin()
    await other.people()
    const [emil, arno] = [await visit('emil', { baseURL: other.base }), await visit('arno', { baseURL: other.base })]
    for (const [page, name] of [[emil, 'emil'], [arno, 'arno']]) {
      await enter(page, (await other.ask(name, 'POST', '/v1/tokens')).token, other.base)
      await to(page, 'decisions')
    }
    let done = false
    for (const until = Date.now() + 700_000; !done && Date.now() < until;) {
      const { now } = await other.ask('emil', 'GET', '/v1/health')
      const { cases } = await other.ask('emil', 'GET', '/v1/recommendations?stage=open')
      const good = cases.find(c => c.kind === 'priority' && c.stage === 'proposed' && c.expires > now + 6 * 3_600_000)
      if (!good) { await sleep(300); continue }
      await to(emil, `decisions/${good.id}`)
      await emil.getByLabel('Value, number').fill('5')
      await emil.getByRole('button', { name: 'Simulate' }).click()
      await emil.getByText(/Simulated in/).or(emil.getByRole('alert')).first().waitFor({ timeout: 60_000 })
      const told = await emil.getByText(/Simulated in/).textContent({ timeout: 500 }).catch(() => '')
      if (!told) { await to(emil, 'decisions'); continue }  // its time was over
      check(/Simulated in [\d.]+ s/.test(told), `another value is simulated (${told.trim()})`)
      await shot(emil, 'story-another-value', { fullPage: true })
      await emil.getByRole('button', { name: 'Take this value' }).click()
      done = await emil.locator('.chip', { hasText: 'edited' }).first().waitFor({ timeout: 5_000 }).then(() => true, () => false)
      if (!done) { await to(emil, 'decisions'); continue }
      check((await other.ask('emil', 'GET', `/v1/recommendations/${good.id}`)).content.act.value === 5, 'the value that was taken is the one to be done')
      await to(arno, `decisions/${good.id}`)
      await arno.getByRole('button', { name: /^Approve/ }).click()
      await sees(emil, emil.locator('.chip', { hasText: 'approved' }), 'what was changed is approved, and who changed it sees that')
    }
    check(done, 'another value than the proposed one is tried and taken')
  } finally {
    other.end()
  }
}

// The plant degrades, the twin notices, its forecast moves, it proposes; two persons approve, a third does it; the benefit is measured;
// and one can go back to see how it was before.
async function tell({ anna }) {
  await to(anna, 'overview')
  await sees(anna, anna.getByText(/slow tool/), 'story: the twin notices slow tools', 700)
  await shot(anna, 'story-noticed')
  // Who is to decide is there: what is proposed is good for a shift, some seconds here.
  const arno = await visit('arno'), olaf = await visit('olaf')
  await enter(arno, (await house.ask('arno', 'POST', '/v1/tokens')).token)
  await enter(olaf, (await house.ask('olaf', 'POST', '/v1/tokens')).token)
  await to(anna, 'decisions')
  let id = '', before = 0
  const until = Date.now() + 900_000
  while (Date.now() < until) {
    const { now } = await house.ask('olaf', 'GET', '/v1/health')
    const { cases } = await house.ask('olaf', 'GET', '/v1/recommendations?stage=open')
    const good = cases.find(c => c.kind === 'rule' && c.stage === 'proposed' && c.expires > now + 2 * 3_600_000)
    if (!good) { await sleep(300); continue }
    await sees(anna, anna.locator('a.case', { hasText: good.words }), 'story: what is proposed appears by itself')
    await to(anna, `decisions/${good.id}`)
    await anna.getByRole('button', { name: /^Approve/ }).click()
    await to(arno, `decisions/${good.id}`)
    await arno.getByRole('button', { name: /^Approve/ }).click()
    const approved = await arno.locator('.chip', { hasText: 'approved' }).first().waitFor({ timeout: 5_000 }).then(() => true, () => false)
    if (!approved) { await to(anna, 'decisions'); continue }  // its shift was over
    id = good.id
    before = now
    break
  }
  check(id !== '', 'story: it proposes another rule, and two persons approve')
  if (id === '') return
  await sees(anna, anna.getByText('Approved by arno'), 'story: the first sees what the second did')
  await to(olaf, `decisions/${id}`)
  const { content } = await house.ask('olaf', 'GET', `/v1/recommendations/${id}`)
  await olaf.getByRole('button', { name: 'I am doing it' }).click()
  await house.dispatchBy(content.act.policy)
  await olaf.getByRole('button', { name: 'It is done' }).click()
  await sees(anna, anna.locator('.chip', { hasText: 'acknowledged' }), 'story: what a third person did is seen by the first at once')
  await sees(anna, anna.getByText('It would be otherwise, if'), 'story: it says why')
  await audit(anna, 'a recommendation')
  await shot(anna, 'story-approved', { fullPage: true })
  await sees(anna, anna.getByText(/Measured:/), 'story: the benefit is measured', 700)
  await shot(anna, 'story-measured', { fullPage: true })
  await to(anna, 'decisions?part=history')
  await sees(anna, anna.locator('a.case', { hasText: 'came' }), 'story: it stands beside what was promised')
  await shot(anna, 'story-history')
  await to(anna, `record/travel?at=${before}`)
  await sees(anna, anna.getByText(/entries folded in/), 'story: one goes back to before the decision', 60)
  const told = await anna.getByText(/^As of /).textContent()
  check(Math.abs(Date.parse(told.slice(6, 25).replace(' ', 'T') + 'Z') - before) < 2 * 3_600_000, `story: and sees that moment (${told})`)
  await shot(anna, 'story-past')
}
