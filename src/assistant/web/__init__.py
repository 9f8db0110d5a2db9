"""The web app's pages. The only folder that imports gradio."""
