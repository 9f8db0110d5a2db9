"""How the pages look: a calm public-service page, system fonts only, light and dark."""

from importlib.resources import files

import gradio as gr

FONTS = ("Arial", "Helvetica", "sans-serif")


def theme() -> gr.themes.Base:
    """Large type and high contrast; no font is fetched from anywhere."""
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="slate",
        font=FONTS,
        font_mono=("Consolas", "monospace"),
        text_size="lg",
        radius_size="sm",
    ).set(
        button_primary_background_fill="#005a30",
        button_primary_background_fill_hover="#00401f",
        button_primary_text_color="#ffffff",
        button_primary_background_fill_dark="#00703c",
        button_primary_background_fill_hover_dark="#005a30",
        button_primary_text_color_dark="#ffffff",
        body_background_fill="#ffffff",
        body_text_color="#0b0c0c",
        body_background_fill_dark="#14181d",
        body_text_color_dark="#f3f2f1",
        block_label_text_color="#0b0c0c",
        block_label_text_color_dark="#f3f2f1",
        body_text_color_subdued="#505a5f",
        body_text_color_subdued_dark="#c3c9ce",
    )


CSS = """
.gradio-container { max-width: min(60rem, 100vw) !important; min-width: 0 !important; margin: 0 auto !important; padding: 0 min(1rem, 1vw) !important; }
.gradio-container .main.fillable { padding: 1rem min(2rem, 2vw) !important; }
:root { --line: #b1b4b6; --soft: #f3f2f1; --ink: #0b0c0c; --quiet: #484f54; --link: #1a5a96; --accent: #00703c; }
.dark { --line: #6b747b; --soft: #1f262d; --ink: #f3f2f1; --quiet: #c3c9ce; --link: #8cc2f0; --accent: #5fd08f; }
.pa { color: var(--ink); font-size: 1.1875rem; line-height: 1.5; }
.pa h1 { font-size: 2rem; margin: .75rem 0 .25rem; }
.pa a { color: var(--link); text-decoration: underline; margin: 0; padding: 0; }
.pa .lead, .pa .notes, .pa figcaption { color: var(--quiet); }
.pa .turn { border-top: 2px solid var(--line); padding: 1rem 0; }
.pa .asked { font-size: 1.375rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
.pa .verdict { font-size: 1.3125rem; margin: .75rem 0; }
.pa .card { border-style: solid; border-width: 3px 3px 3px 12px; border-color: var(--link); padding: .75rem 1rem; margin: .75rem 0; background: var(--soft); }
.pa .card h3 { font-size: 1.375rem; margin: 0 0 .25rem; }
.pa .card.emergency { border-color: #d4351c; } .pa .card.same_day { border-color: #b8550a; }
.pa .card ul { margin: .5rem 0 0 1.25rem; list-style: disc; }
.pa .card a { display: inline-block; min-height: 24px; max-width: 100%; overflow-wrap: anywhere; }
.pa figure.quote { margin: .75rem 0; padding: .75rem 1rem; background: var(--soft); border-left: 6px solid var(--accent); }
.pa blockquote { margin: 0 !important; padding: 0 !important; border: 0; color: var(--ink); overflow-wrap: anywhere; font-size: 1.1875rem; }
.pa figcaption { margin-top: .5rem; font-size: 1rem; overflow-wrap: anywhere; }
.pa .stem { font-style: italic; } .pa .cell { display: block; margin: .25rem 0; } .pa .cell b { display: block; font-size: 1rem; color: var(--quiet); } .pa .limit { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }
.pa .force { border: 1px solid currentColor; padding: 0 .4rem; white-space: nowrap; }
.pa .checked { color: var(--accent); } .pa details { margin: .75rem 0; } .pa summary { cursor: pointer; color: var(--link); min-height: 24px; }
.pa .scroll { overflow-x: auto; } .pa table { border-collapse: collapse; width: 100%; }
.pa th code { font-weight: normal; } .pa th, .pa td { border-bottom: 1px solid var(--line); padding: .5rem; text-align: left; vertical-align: top; color: var(--ink); }
.pa h3 { font-size: 1.25rem; margin: 1rem 0 .5rem; } .pa td figure.quote { margin: 0; }
.pa .notes { border-left: 6px solid #b8850a; padding: .25rem 0 .25rem 1.5rem; list-style: disc; }
.pa .tools { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; font-size: 1rem; } .pa .tools a, .pa a.open { display: inline-block; min-height: 24px; }
.pa .marking details { margin: 0; } .pa .marking select { font: inherit; max-width: 100%; min-height: 32px; color: var(--ink); background: var(--soft); border: 2px solid currentColor; }
.pa button.plain { background: none; border: 0; padding: 0; min-height: 24px; font-weight: normal; text-align: left; color: var(--link); text-decoration: underline; cursor: pointer; font-size: 1rem; }
#panel { position: fixed; inset: 0 0 0 auto; width: min(44rem, 50vw); z-index: 50; background: var(--body-background-fill, #fff); border-left: 4px solid var(--accent); display: flex; flex-direction: column; }
#panel[hidden] { display: none; } #panel header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding: .5rem 1rem; border-bottom: 1px solid var(--line); }
#panel h2 { font-size: 1.1875rem; margin: 0; color: var(--ink); } #panel iframe { flex: 1; border: 0; width: 100%; background: #fff; }
#panel button { border: 2px solid currentColor; background: none; color: var(--ink); padding: .25rem .75rem; min-height: 32px; font-size: 1rem; }
@media (max-width: 640px) { .pa .stacks :is(tr, th, td) { display: block; width: auto; } .pa .stacks thead { display: none; } .pa .stacks td::before { content: attr(data-column) ": "; color: var(--quiet); } .pa .stacks td:has(figure, ul)::before { content: none; } .pa .stacks :is(th, td) { border: 0; padding: .25rem 0; } .pa .stacks { border: 0; display: block; } .pa .stacks tr { border: 0; border-top: 1px solid currentColor; display: block; padding: .5rem 0; } }
@media (max-width: 1100px) { #panel { width: 100vw; border-left: 0; } }
#connection { position: fixed; inset: auto 0 0 0; z-index: 60; margin: 0; padding: .75rem 1rem; background: #0b0c0c; color: #fff; border-top: 4px solid #ffdd00; font-size: 1.1875rem; } #connection[hidden] { display: none; }
#busy { position: fixed; inset: auto 0 1rem 0; z-index: 50; margin: 0 auto; width: max-content; max-width: 90vw; padding: .5rem 1.25rem; background: #0b0c0c; color: #fff; border-radius: 4px; font-size: 1.1875rem; } #busy:empty { display: none; }
.meta-text, .meta-text-center { display: none !important; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0 0 0 0); white-space: nowrap; }
:is(button, a, input, textarea, summary):focus-visible { outline: 4px solid #ffdd00 !important; outline-offset: 0; box-shadow: 0 0 0 6px #0b0c0c !important; }
footer { display: none !important; }
"""

HEAD = f"""<script>{(files("assistant.web") / "page.js").read_text(encoding="utf-8")}</script>
<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">"""
