"""The eSpeak NG engine as a process: ``python -m voice_node.speech.espeak_process``."""

from voice_node.speech.espeak_library import EspeakLibrary
from voice_node.speech.speaker import Speaker
from voice_node.speech.synthesis.serving import serve

if __name__ == "__main__":
    serve(lambda: Speaker(EspeakLibrary()))
