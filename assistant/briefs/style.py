"""The look of the HTML brief: quiet, dense, printable in grey on two A4 pages."""

from __future__ import annotations

CSS = """
*{box-sizing:border-box}
html{background:var(--rule)}
body{margin:0;font:13px/1.45 'Noto Sans SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',system-ui,sans-serif;color:var(--ink);
 font-variant-numeric:tabular-nums;-webkit-print-color-adjust:exact;print-color-adjust:exact}
article{max-width:860px;margin:20px auto;background:var(--paper);padding:28px 34px 22px;box-shadow:0 1px 4px rgba(0,0,0,.16)}
header{display:flex;justify-content:space-between;align-items:flex-end;gap:16px;border-bottom:2px solid var(--accent);padding-bottom:8px}
.kind{margin:0;color:var(--soft);font-size:12px;letter-spacing:.04em}
h1{margin:2px 0 0;font-size:21px;line-height:1.25}
h2{margin:0 0 4px;font-size:13px;color:var(--accent);border-bottom:1px solid var(--rule);padding-bottom:2px;break-after:avoid}
section{margin-top:13px}
.level{margin:0;padding:3px 12px;font-weight:700;border:1.5px solid currentColor;border-radius:3px;white-space:nowrap}
.l-red{color:var(--bad)}.l-orange,.l-yellow{color:var(--warn)}.l-normal{color:var(--good)}.l-unknown{color:var(--soft)}
.facts{display:grid;grid-template-columns:repeat(4,1fr);gap:5px 14px;margin:9px 0 0}
.facts dt{color:var(--soft);font-size:11px}.facts dd{margin:0;overflow-wrap:anywhere}
.verdict{border-left:4px solid currentColor;padding:2px 0 2px 12px;margin-top:12px}
.verdict p{margin:2px 0;color:var(--ink)}.verdict p:first-child{font-weight:700;color:inherit;font-size:14px}
ul{margin:0;padding-left:15px}li{margin:1.5px 0}li::marker{color:var(--soft)}
.t-bad{color:var(--bad)}.t-warn{color:var(--warn)}.t-good{color:var(--good)}.t-soft{color:var(--soft)}
.verdict .t-soft{color:var(--soft)}
li.t-bad,li.t-warn,li.t-good{color:var(--ink)}li.t-bad::marker{color:var(--bad)}li.t-warn::marker{color:var(--warn)}li.t-good::marker{color:var(--good)}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th,td{padding:2.5px 6px 2.5px 0;border-bottom:1px solid var(--rule);text-align:left;vertical-align:middle;font-weight:400;overflow-wrap:anywhere}
thead th{color:var(--soft);font-size:11px;border-bottom:1px solid var(--soft)}
tr{break-inside:avoid}
.n{text-align:right;padding-right:12px}
td svg{display:inline-block;vertical-align:middle;max-width:100%}td.t-bad,td.t-warn{font-weight:700}
figure{margin:7px 0 0;break-inside:avoid}figure svg{max-width:100%;height:auto}figcaption{color:var(--soft);font-size:11px}
.pair{columns:2;column-gap:24px}
.pair section{break-inside:avoid;margin-top:0;padding-top:13px}
sup{font-size:.68em;line-height:0;color:var(--soft);margin-left:1px}sup a,.sources a{color:inherit;text-decoration:none}.sources a{text-decoration:underline;text-decoration-color:var(--rule)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.sources ul{columns:2;column-gap:24px;margin:0;padding:0;list-style:none;font-size:11px;color:var(--soft)}
.sources li{break-inside:avoid;overflow-wrap:anywhere}.sources b{color:var(--ink);font-weight:400}.sources span:target{color:var(--ink);background:var(--rule)}
small{display:block;color:var(--soft);font-size:.84em;font-weight:400}
.abreast{display:grid;grid-template-columns:1fr 1fr;gap:0 22px}
footer{margin-top:12px;border-top:1px solid var(--rule);padding-top:5px;font-size:11px;color:var(--soft)}footer p{margin:1px 0}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:640px){article{padding:18px 14px;margin:0}.facts{grid-template-columns:1fr 1fr}.pair{columns:1}.sources ul,.abreast{columns:1;grid-template-columns:1fr}
 section{overflow-x:auto}table{min-width:560px}}
@page{size:A4;margin:10mm 12mm}
@media print{html{background:none}body{font-size:8pt;line-height:1.28}article{max-width:none;margin:0;padding:0;box-shadow:none}
 article.dense{font-size:7.2pt;line-height:1.2}.dense .facts dt,.dense thead th,.dense figcaption,.dense .sources ul,.dense footer{font-size:6.3pt}.dense section{margin-top:4.5pt}.dense .pair section{margin-top:0;padding-top:4.5pt}
 article+article{break-before:page}section{margin-top:7pt}.pair section{margin-top:0;padding-top:7pt}h1{font-size:14pt}h2{font-size:8.8pt;margin-bottom:2pt}.facts{margin-top:5pt;gap:2pt 10pt}
 .facts dt,thead th,figcaption,.sources ul,footer{font-size:7pt}th,td{padding-top:1.2pt;padding-bottom:1.2pt}.verdict{margin-top:6pt}
 .verdict p:first-child{font-size:9.2pt}li{margin:.6pt 0}.sources ul{columns:2;column-gap:14pt}figure{margin-top:4pt}footer{margin-top:6pt}}
"""
