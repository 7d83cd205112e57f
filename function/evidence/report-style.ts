/** The style of a report: one accent, system fonts, light and dark, and light on A4. */
export const reportStyle = `
:root{color-scheme:light dark;--paper:#fff;--ink:#16191d;--soft:#4d565f;--line:#c9ced4;--wash:#f3f5f6;--accent:#0b5c8f;--fake:#b34700;--fake-wash:#fbe3d3;--real-wash:#dcebf5}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#eceff1;--soft:#a9b3bc;--line:#3d464e;--wash:#1d2226;--accent:#7cc0ee;--fake:#ff9d5c;--fake-wash:#4a2a14;--real-wash:#16344a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.125rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,body>header,body>footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
body>header{padding-top:1.25rem;padding-bottom:.75rem;color:var(--soft);font-size:1rem}
body>header b{color:var(--ink)}
body>footer{padding-top:1rem;padding-bottom:3rem;color:var(--soft);font-size:1rem;border-top:1px solid var(--line);margin-top:3rem}
h1{font-size:clamp(1.6rem,1.1rem + 2.2vw,2.5rem);line-height:1.2;letter-spacing:-.01em;margin:0;text-wrap:balance}
h2{font-size:1.5rem;line-height:1.25;margin:3rem 0 .75rem}
h3{font-size:1.2rem;margin:0}
p,ul,dl,table{margin:.75rem 0}
p,li{max-width:44rem}
ul{padding-left:1.25rem}
li{margin:.35rem 0}
.answer{border-left:.6rem solid var(--accent);padding:.25rem 0 .25rem 1.25rem;margin:1.25rem 0 2rem}
.answer.likely-fake{border-color:var(--fake)}
.answer.not-applicable,.answer.uncertain{border-left-style:double;border-color:var(--soft)}
.answer ul{margin:.9rem 0 0;color:var(--soft);padding-left:1.1rem}
.tag{display:inline-block;font-size:.9rem;line-height:1.4;font-weight:600;padding:.05rem .5rem;border:1.5px solid currentColor;color:var(--soft);white-space:nowrap}
.tag.likely-fake{color:var(--fake)}
.tag.likely-real{color:var(--accent)}
.soft,figcaption,.words,.axis,.gutter{color:var(--soft)}
.scale{max-width:44rem;margin:1.25rem 0 1rem}
.bar{position:relative;height:1.75rem;background:var(--wash);border:1px solid var(--line)}
.bar i{position:absolute;top:0;bottom:0}
.zone-real{left:0;background:var(--real-wash)}
.zone-fake{right:0;background:var(--fake-wash)}
.bar .range{top:.5rem;bottom:.5rem;background:var(--soft);min-width:2px}
.bar .mark{width:5px;margin-left:-2.5px;top:-.35rem;bottom:-.35rem;background:var(--ink)}
.words{display:flex;justify-content:space-between;font-size:.95rem;margin-top:.3rem}
.lane{margin:0 0 1.1rem;break-inside:avoid}
.lane figcaption{color:var(--ink);font-size:1rem;margin:0 0 .35rem 5.5rem}
.lane .tag{margin-left:.4rem}
.plot{display:flex}
.gutter{position:relative;flex:0 0 5.5rem;font-size:.85rem;line-height:1.1}
.gutter span{position:absolute;right:.5rem;text-align:right}
.plot svg{flex:1;min-width:0;height:6.5rem;display:block;background:var(--wash);overflow:visible;border-left:1px solid var(--line)}
svg path{fill:none;vector-effect:non-scaling-stroke}
.band-fake{fill:var(--fake-wash)}
.band-real{fill:var(--real-wash)}
.grid{stroke:var(--line);stroke-width:1}
.limit{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 4}
.line{stroke:var(--ink);stroke-width:1.5;opacity:.55}
.dots{stroke:var(--ink);stroke-width:5.5;stroke-linecap:round}
.skipped{stroke:var(--soft);stroke-width:2}
.axis{display:flex;font-size:.9rem;height:1.4rem}
.times{position:relative;flex:1}
.times span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.times .last{transform:translateX(-100%)}
.person{border-top:1px solid var(--line);padding:1.25rem 0 .5rem}
.person>header{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .75rem}
.moments{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17.5rem),1fr));gap:1.25rem;margin:1rem 0}
.moment{margin:0;break-inside:avoid}
.moment div{display:flex;gap:3px}
.moment img{flex:1;width:50%;max-width:10rem;aspect-ratio:1;display:block;background:var(--wash)}
.moment figcaption{font-size:.95rem;margin-top:.3rem}
.legend{display:flex;align-items:center;gap:.6rem;font-size:.95rem;color:var(--soft);white-space:nowrap}
.legend i{flex:0 1 9rem;height:.8rem}
table{border-collapse:collapse;width:100%;max-width:44rem}
th,td{text-align:left;vertical-align:top;padding:.5rem 1rem .5rem 0;border-bottom:1px solid var(--line);font-weight:400}
td{width:45%}
td,.num{font-variant-numeric:tabular-nums}
summary{cursor:pointer;font-size:1.5rem;font-weight:700;line-height:1.25;margin:3rem 0 .75rem}
summary:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
dl{display:grid;grid-template-columns:minmax(8rem,13rem) 1fr;gap:.4rem 1rem;font-size:1rem}
dt{color:var(--soft)}
dd{margin:0}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (max-width:40rem){
body{font-size:1.0625rem}
.lane figcaption{margin-left:0}
.gutter{flex-basis:3.4rem;font-size:.8rem}
.gutter span{right:.4rem}
dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:.6rem}
.moments{grid-template-columns:1fr}
.moment img{max-width:none}
.moment img:only-child{max-width:50%}
}
@page{size:A4;margin:16mm 15mm 18mm}
@media print{
:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#40474e;--line:#b5bbc1;--wash:#f3f5f6;--accent:#0b5c8f;--fake:#b34700;--fake-wash:#fbe3d3;--real-wash:#dcebf5}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
html{font-size:9.5pt}
body{font-size:1.1rem}
main,body>header,body>footer{max-width:none;padding-left:0;padding-right:0}
h1{font-size:20pt}
h2,summary{font-size:1.4rem;margin-top:2rem}
h2,h3,summary,.person>header,.person>p,.person>ul,.legend{break-after:avoid}
p,li{orphans:3;widows:3}
table,li,.answer,.scale,.moment,.lane{break-inside:avoid}
.moments{grid-template-columns:repeat(3,1fr);gap:10pt}
.plot svg{height:24mm}
summary{list-style:none}
details::details-content{content-visibility:visible;block-size:auto}
dl{font-size:.95rem}
}
`;
