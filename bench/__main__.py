"""Run all measurements on the founding corpus."""

from bench import build, cold, questions

if __name__ == "__main__":
    cold.main()
    build.main()
    questions.main()
