// How fast the window is: a benchmark, not a test. Goals: first paint below 1 s, answers to a click below 100 ms with the whole of SMT2020 HVLM
// live and 20 updates a second, memory that does not grow.
//   node measure.mjs PROGRAM ROOT FOLDER HVLM [--minutes N] [--speed N]
import fs from 'node:fs'
import { chromium } from 'playwright-core'
import { House, sleep } from './house.mjs'

const [program, root, folder, fab, ...flags] = process.argv.slice(2)
const flag = (name, otherwise) => { const at = flags.indexOf(`--${name}`); return at < 0 ? otherwise : Number(flags[at + 1]) }
const minutes = flag('minutes', 5)
const house = new House(program, root, folder, { fab, speed: flag('speed', 60), secondPerson: false })
const quantile = (all, p) => { const s = [...all].sort((a, b) => a - b); return s[Math.min(s.length - 1, Math.floor(p * s.length))] }
const told = (what, all, unit = 'ms') => console.log(`${what}: median ${quantile(all, 0.5).toFixed(1)}, 90 % ${quantile(all, 0.9).toFixed(1)}, most ${Math.max(...all).toFixed(1)} ${unit} (${all.length})`)

await house.begin()
await house.people()
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--js-flags=--expose-gc'] })
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } })
  const page = await context.newPage()
  await page.addInitScript(() => { window.__updates = 0; const kept = window.EventSource; window.EventSource = class extends kept { addEventListener(kind, take) { super.addEventListener(kind, e => { window.__updates++; take(e) }) } } })
  await page.goto(house.base)
  await page.getByLabel('Token').fill((await house.ask('vera', 'POST', '/v1/tokens')).token)
  await page.getByRole('button', { name: 'Come in' }).click()
  await page.locator('svg.map a').nth(50).waitFor({ timeout: 60_000 })

  const paints = []
  for (let k = 0; k < 5; k++) {
    await page.reload()
    await page.locator('header.top').waitFor()
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN))
  }
  told('first paint', paints)
  await page.locator('svg.map a').nth(50).waitFor({ timeout: 60_000 })
  const groups = await page.locator('svg.map a').count()
  const lots = (await house.ask('vera', 'GET', '/v1/lots')).lots.length
  console.log(`the fab: ${groups} tool groups on the map, ${lots} lots`)

  // From a click to the frame in which its page is drawn.
  const clicks = {}
  const places = ['forecast', 'tools', 'lots', 'wafers', 'decisions', 'what-if', 'record', 'overview']
  for (let k = 0; k < 5; k++) {
    for (const place of places) {
      const ms = await page.evaluate(async at => {
        const link = document.querySelector(`nav a[href="#/${at}"]`)
        const begun = performance.now()
        link.click()
        await new Promise(resolve => addEventListener('hashchange', resolve, { once: true }))
        await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
        return performance.now() - begun
      }, place)
      ;(clicks[place] ??= []).push(ms)
      await sleep(700)
    }
  }
  for (const [place, all] of Object.entries(clicks)) told(`click to ${place}`, all)
  told('click to any page', Object.values(clicks).flat())

  // Sorting and searching all lots; dragging the Gantt of all tools.
  await page.evaluate(() => { location.hash = '#/lots' })
  await page.getByRole('grid', { name: 'Lots' }).getByRole('row').nth(5).waitFor({ timeout: 30_000 })
  const sorts = []
  for (let k = 0; k < 10; k++) {
    sorts.push(await page.evaluate(async n => {
      const heads = document.querySelectorAll('.table .head button')
      const begun = performance.now()
      heads[n % heads.length].click()
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
      return performance.now() - begun
    }, k))
  }
  told('sorting all lots', sorts)
  await page.evaluate(() => { location.hash = '#/tools' })
  await page.locator('.gantt canvas').waitFor({ timeout: 60_000 })
  const bars = await page.locator('text=/bars$/').first().textContent().catch(() => '')
  const frames = []
  for (let k = 0; k < 30; k++) {
    frames.push(await page.evaluate(async n => {
      const canvas = document.querySelector('.gantt canvas')
      const begun = performance.now()
      canvas.dispatchEvent(new KeyboardEvent('keydown', { key: n % 3 ? 'PageDown' : n % 2 ? '+' : '-', bubbles: true }))
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))))
      return performance.now() - begun
    }, k))
  }
  told(`moving the Gantt (${bars}), two frames`, frames)

  // Memory, on the overview, as it goes on.
  await page.evaluate(() => { location.hash = '#/overview' })
  const heap = async () => { await page.evaluate(() => window.gc?.()); return page.evaluate(() => performance.memory.usedJSHeapSize / 1e6) }
  await sleep(20_000)
  const before = await heap(), seen = await page.evaluate(() => window.__updates)
  const half = []
  for (let k = 0; k < minutes; k++) { await sleep(60_000); half.push(await heap()) }
  const updates = (await page.evaluate(() => window.__updates)) - seen
  console.log(`updates: ${(updates / (60 * minutes)).toFixed(1)} a second; heap ${before.toFixed(1)} MB, then each minute ${half.map(h => h.toFixed(1)).join(', ')} MB`)
} finally {
  await browser.close()
  house.end()
}
fs.writeSync(1, 'done\n')
