/** The style sheet of every page. Its hash stands in the page's Content-Security-Policy. */
export const styleSheet = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c1b19;--muted:#5f5c57;--rule:#dcd8d0;--range:#e6e1d8;--edge:#857f73;--track:#eeebe5;--second:#8d887e;--accent:#0f5499;--soft:#f5f2ec}
@media screen and (prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#ebe8e2;--muted:#a9a59d;--rule:#34373c;--range:#3a3e44;--edge:#868b93;--track:#26292e;--second:#7c8189;--accent:#7db4ee;--soft:#1f2226}}
@media print{:root{color-scheme:light}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:71.75rem;padding:0 1rem 2rem;background:var(--paper);color:var(--ink);font:1rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,Inter,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums lining-nums;overflow-wrap:break-word}
h1,h2,h3,p,ul,dl,figure{margin:0;padding:0}
ul{list-style:none}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
bdi{unicode-bidi:isolate}
svg{display:block;width:100%;height:auto}
svg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Inter,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums lining-nums}
.narrow{max-width:26rem}
.wide{display:none}
header{padding:.75rem 0;border-bottom:1px solid var(--rule);font-size:.875rem}
.status span{color:var(--muted)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:.4rem}
.kicker{margin-top:1.75rem;color:var(--muted);font-size:.875rem}
h1{font:700 clamp(1.75rem,1.2rem + 2.4vw,2.75rem)/1.12 Georgia,"Iowan Old Style","Noto Serif",serif;letter-spacing:-.01em;margin:.35rem 0 .6rem;max-width:30ch;text-wrap:balance}
.lede{font-size:1.125rem;color:var(--muted)}
.note{color:var(--muted);font-size:.875rem;margin-top:.5rem}
section{margin-top:2.25rem}
h2{font:700 1.375rem/1.2 Georgia,"Iowan Old Style","Noto Serif",serif;border-top:2px solid var(--ink);padding-top:.6rem;margin-bottom:1rem}
h3{font-size:1rem;line-height:1.3;font-weight:650}
figcaption p,.figure>p{color:var(--muted);font-size:.875rem;margin:.2rem 0 .6rem}
.attention{background:var(--soft);border-left:4px solid var(--accent);padding:.9rem 1rem}
.attention h2{font-size:1.125rem;border:0;padding:0;margin-bottom:.4rem}
.attention li+li{margin-top:.4rem}
code{font:.875em ui-monospace,"SF Mono",Menlo,Consolas,monospace}
code span{display:inline-block;max-width:100%;overflow-wrap:anywhere}
.key-figures{display:grid;grid-template-columns:repeat(2,1fr);gap:1.1rem 1rem}
.key-figures dt{font-size:.8125rem;color:var(--muted)}
.key-figures dd{margin:0}
.key-figures b{display:block;font-size:1.625rem;line-height:1.2;font-weight:650}
.key-figures span{font-size:.8125rem;color:var(--muted)}
.pair{display:grid;gap:2rem 2.5rem}
.pair+.pair{margin-top:2rem}.note+.pair,.note+figure{margin-top:1rem}
.pair>*{min-width:0}
details{margin-top:.5rem;font-size:.875rem}
summary{color:var(--muted);cursor:pointer;width:max-content;max-width:100%}
.scroll{overflow-x:auto;margin-top:.5rem}
table{border-collapse:collapse;font-size:.875rem;width:100%;max-width:40rem}
caption{text-align:left;color:var(--muted);font-size:.8125rem;padding-bottom:.25rem}
th,td{padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--rule);text-align:right;vertical-align:top}
th{font-weight:400}
thead th{color:var(--muted);font-size:.8125rem;vertical-align:bottom}
th:first-child{text-align:left;min-width:6rem;overflow-wrap:anywhere}
td{white-space:nowrap}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1rem;color:var(--muted);font-size:.875rem;margin:.2rem 0 .6rem}
.key svg{display:inline-block;width:.8em;height:.8em}
.calendars{display:grid;gap:1rem 2rem;grid-template-columns:repeat(auto-fill,minmax(min(20rem,100%),1fr))}.calendars svg{max-width:22rem}
.month{border-top:1px solid var(--rule);padding:.5rem 0;margin:0}.month>summary{color:var(--ink);font-size:1rem;font-weight:650}
.older{border-top:1px solid var(--rule);padding-top:.5rem}
.links{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:.5rem}
footer{margin-top:3rem;border-top:1px solid var(--rule);padding-top:.75rem;color:var(--muted);font-size:.8125rem}
@media (min-width:45rem){.queues .narrow{display:none}.queues .wide{display:block}.pair{grid-template-columns:1fr 1fr}.key-figures{grid-template-columns:repeat(3,1fr)}}
@media screen and (min-width:70rem){body{padding:0 2rem 3rem}.narrow{display:none}.wide{display:block}.key-figures{grid-template-columns:repeat(6,1fr)}}
@media screen and (max-width:30rem){table,thead th{font-size:.8125rem}th,td{padding-right:.375rem}th:last-child,td:last-child{padding-right:0}th:first-child{min-width:5rem}}
@page{margin:8mm}
@media screen and (max-width:25rem){.month table,.month thead th{font-size:.6875rem}.month th,.month td{padding-right:.25rem}.month th:first-child{min-width:4rem}}
@media print{html{font-size:11.4px}body{max-width:none;padding:0;line-height:1.25}main{display:flex;flex-direction:column}.queues{order:1}.teams-and-people{order:2}nav,details:not(.month[open]),.older{display:none}
header{padding:0 0 .25rem}.kicker{margin-top:.35rem}h1{font-size:21px;max-width:none;margin:.15rem 0 .25rem}.lede{font-size:1rem}.note{margin-top:.2rem}section{margin-top:.5rem}h2{font-size:1.25rem;padding-top:.25rem;margin-bottom:.35rem}.attention{padding:.4rem .7rem}.attention h2{font-size:1rem;margin-bottom:.15rem}.attention li+li{margin-top:0}.attention code{line-height:1}
figure,.figure,.key-figures{break-inside:avoid}h2,h3{break-after:avoid}.key-figures{grid-template-columns:repeat(6,1fr)}.key-figures b{font-size:1.4rem}.key-figures dt,.key-figures span{line-height:1.2}.pair,.pair+.pair{gap:.5rem 2rem}.pair+.pair{margin-top:.5rem}figcaption p,.figure>p,.key{margin:.1rem 0 .3rem}.narrow{max-width:250px}.calendars svg{max-width:225px}.queues .wide{max-width:610px}.scroll{margin-top:0}caption{display:none}th,td{padding:.06rem .6rem .06rem 0}footer{margin-top:.6rem;padding-top:.3rem}}
`;
