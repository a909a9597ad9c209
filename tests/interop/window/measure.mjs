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

  // Memory of the page and of the twin. Each minute looks into another view for a while, as a shift would; it is measured on the overview.
  const look = async place => { await page.evaluate(at => { location.hash = `#/${at}` }, place); await sleep(10_000) }
  const heap = async () => { await page.evaluate(() => window.gc?.()); return page.evaluate(() => performance.memory.usedJSHeapSize / 1e6) }
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${house.twin.pid}/status`, 'utf8'))[1]) / 1024
  for (const place of [...places, 'overview']) await look(place)
  const ofPage = [await heap()], ofTwin = [resident()], seen = await page.evaluate(() => window.__updates), since = Date.now()
  for (let k = 0; k < minutes; k++) {
    await look(places[k % places.length])
    await look('overview')
    await sleep(40_000)
    ofPage.push(await heap())
    ofTwin.push(resident())
    fs.writeSync(2, `minute ${k + 1}: page ${ofPage.at(-1).toFixed(1)} MB, twin ${ofTwin.at(-1).toFixed(0)} MiB\n`)
  }
  const updates = (await page.evaluate(() => window.__updates)) - seen
  console.log(`updates: ${(updates * 1000 / (Date.now() - since)).toFixed(1)} a second`)
  // By least squares over the second half, when what is kept for a while has come to its size.
  const slope = all => {
    const y = all.slice(Math.floor(all.length / 2)), x = y.map((_, k) => k - (y.length - 1) / 2), mean = y.reduce((sum, v) => sum + v, 0) / y.length
    return 60 * x.reduce((sum, v, k) => sum + v * (y[k] - mean), 0) / x.reduce((sum, v) => sum + v * v, 0)
  }
  for (const [what, all, unit] of [['heap of the page', ofPage, 'MB'], ['memory of the twin', ofTwin, 'MiB']])
    console.log(`${what}: ${all.map(m => m.toFixed(1)).join(', ')} ${unit} at each minute${minutes < 8 ? '' : `; in the second half ${slope(all).toFixed(2)} ${unit} more an hour`}`)
} finally {
  await browser.close()
  house.end()
}
fs.writeSync(1, 'done\n')
