// The page's look: its colours by name for light and dark, the Okabe-Ito palette (Okabe and Ito,
// Color Universal Design, 2008) that all kinds of colour vision tell apart, and which width of a
// plot shows on which screen.
#pragma once
#include <string_view>

namespace twins::fab::report {

// clang-format off
inline constexpr std::string_view Style = R"css(
:root{color-scheme:light dark;
--paper:#f4f6f8;--card:#fff;--ink:#161b22;--soft:#566170;--rule:#dfe4e9;--grid:#e9edf1;--idle:#e3e7ec;
--blue:#0072b2;--orange:#e69f00;--vermilion:#d55e00;--purple:#cc79a7;--green:#009e73;--sky:#56b4e9;
--main:#0072b2;--median:#161b22}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#0e1217;--card:#171c23;--ink:#e9edf2;--soft:#a0abb8;--rule:#2b333d;--grid:#252c35;--idle:#313a45;
--main:#56b4e9;--median:#fff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif}
main{max-width:1200px;margin:0 auto;padding:28px 24px 40px}
h1{font-size:30px;line-height:1.2;margin:0 0 4px;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:19px;line-height:1.3;margin:36px 0 12px;letter-spacing:-.01em}
h3{font-size:15px;line-height:1.35;margin:0 0 2px}
p{margin:0 0 10px;max-width:88ch}
.kind{color:var(--soft);font-size:13px;margin:0 0 6px;font-weight:600}
.note{color:var(--soft);font-size:13px;line-height:1.45;margin:0 0 10px;max-width:none}
.lead{font-size:16px;margin:18px 0 0;max-width:118ch}
.warn{border-left:4px solid var(--vermilion);padding:6px 12px;margin:16px 0 0;background:var(--card)}
dl.facts{display:flex;flex-wrap:wrap;gap:8px 24px;margin:14px 0 0;font-size:13px}
dl.facts div{min-width:0}
dl.facts dt{color:var(--soft)}
dl.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:1.7fr repeat(6,1fr);gap:12px;margin:20px 0 0}
.tile{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:12px 14px;min-width:0}
.tile b{display:block;font-size:13px;font-weight:600;color:var(--soft)}
.tile strong{font-size:25px;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tile i{font-style:normal;font-size:13px;color:var(--soft);white-space:nowrap}
.tile span{display:block;font-size:12px;line-height:1.35;color:var(--soft);font-variant-numeric:tabular-nums}
.tile.first{border-top:3px solid var(--main);padding-top:10px}
.cards{display:grid;grid-template-columns:1fr 1fr;gap:20px}
.card{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:16px 19px;min-width:0}
.card.full{grid-column:1/-1}
.pair{display:flex;gap:60px}
figure{margin:0}
svg{display:block;max-width:100%;height:auto;overflow:visible}
.middle,.narrow{display:none}
.key{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 12px;padding:0;list-style:none;
font-size:13px;color:var(--soft)}
.key li{display:flex;align-items:center;gap:6px}
.key svg{flex:none}
.scroll+.key{margin-top:18px}
.label{font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}
.title{font-size:12px}
.ink{fill:var(--ink)}
.name{fill:var(--ink);font-weight:600}
.mid{text-anchor:middle}
.end{text-anchor:end}
.axis{stroke:var(--soft);stroke-width:1}
.grid{stroke:var(--grid);stroke-width:1}
.line{fill:none;stroke-linejoin:round;stroke-linecap:round}
.bold{stroke:var(--main);stroke-width:2.25}
.faint{stroke:var(--main);stroke-width:1.1;stroke-opacity:.48}
.dashed{stroke:var(--orange);stroke-width:1.75;stroke-dasharray:6 4}
.reference{stroke:var(--orange);stroke-width:1.75;stroke-dasharray:6 4;fill:none}
.marker{fill:var(--card);stroke:var(--main);stroke-width:2}
.band{fill:var(--main);fill-opacity:.18}
.warmup{fill:var(--soft);fill-opacity:.13}
.hue0{fill:var(--main);stroke:var(--main)}
.hue1{fill:var(--orange);stroke:var(--orange)}
.hue2{fill:var(--vermilion);stroke:var(--vermilion)}
.hue3{fill:var(--purple);stroke:var(--purple)}
.solid{stroke:none}
.thread{fill:none;stroke-width:2.25}
.tail{fill-opacity:.2;stroke:none}
.body{fill-opacity:.48;stroke:none}
.outline{fill:none;stroke-width:1.5}
.median{stroke:var(--median);stroke-width:2}
.process{fill:var(--green)}.setup{fill:var(--orange)}.load{fill:var(--sky)}
.idle{fill:var(--idle)}.pm{fill:var(--purple)}.down{fill:var(--vermilion)}
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:1.35;font-variant-numeric:tabular-nums}
th,td{padding:5px 8px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--rule)}
thead th{vertical-align:bottom;font-weight:600;color:var(--ink);border-bottom:2px solid var(--rule)}
thead th small{display:block;font-weight:400;font-size:11px;color:var(--soft)}
th:first-child,td:first-child{text-align:left;padding-left:0}
th.word,td.word{text-align:left}
tbody th{font-weight:600}
tbody tr.total th,tbody tr.total td{border-top:2px solid var(--rule);font-weight:600}
tbody tr:last-child th,tbody tr:last-child td{border-bottom:0}
table.classes{font-size:12px}
table.classes th,table.classes td{padding:5px}
table.classes th:first-child{padding-left:0}
table.dense{font-size:11.5px}
table.dense th,table.dense td{padding:3px 5px}
table.dense th:first-child{padding-left:0}
table.dense td:last-child,table.dense th:last-child{padding-right:0}
table.dense thead th small{font-size:10px}
td.level{background:linear-gradient(90deg,color-mix(in srgb,var(--main) 24%,transparent) var(--v),transparent 0)}
.notes{columns:2;column-gap:44px;font-size:13px;padding-left:18px;margin:0}
.notes li{break-inside:avoid;margin:0 0 8px}
code{font:12px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
footer{margin-top:28px;color:var(--soft);font-size:12px}
@media (max-width:1199px){
.wide{display:none}.middle{display:block}.middle svg{width:100%;max-width:680px}
.cards{grid-template-columns:1fr}.pair{display:block}.pair>*+*{margin-top:20px}
.tiles{grid-template-columns:repeat(4,1fr)}.tile.first{grid-column:span 2}}
@media (max-width:640px){
main{padding:18px 12px 28px}h1{font-size:24px}.lead{font-size:15px}
.middle{display:none}.narrow{display:block}.narrow svg{width:100%;max-width:480px}
.card{padding:14px}.tiles{grid-template-columns:1fr 1fr;gap:8px}.tile{padding:10px 12px}
.tile strong{font-size:22px}.notes{columns:1}
.scroll th:first-child{position:sticky;left:0;background:var(--card)}}
@page{size:A4;margin:14mm 12mm}
@page wide{size:A4 landscape}
@media print{
:root{--paper:#fff}body{font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:none;padding:0}h2{margin-top:20px;break-after:avoid}figure,.tile,tr{break-inside:avoid}
.card{padding:10px 0;border:0;border-top:1px solid var(--rule);border-radius:0}
.middle svg{max-width:470px}svg{break-inside:avoid}.scroll{overflow:visible}table{font-size:8pt}th,td{padding:2px 4px}
.sheet{page:wide;break-before:page}table.dense{font-size:7pt}table.dense thead th small{font-size:6.5pt}
table.dense th,table.dense td{padding:1.5px 3px}thead{display:table-header-group}}
)css";
// clang-format on

}  // namespace twins::fab::report
