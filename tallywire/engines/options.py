"""The configuration text that both engines share."""


def log4j_properties(log_file: str) -> str:
    """Return a log4j 2 configuration: all to a file of bounded size, warnings and worse to standard output too."""
    return f"""\
status = error

appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{{ISO8601}} %-5p %c{{1.}}: %m%n%ex
appender.console.filter.threshold.type = ThresholdFilter
appender.console.filter.threshold.level = warn

appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {log_file}
appender.file.filePattern = {log_file}.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{ISO8601}} %-5p %c{{1.}}: %m%n%ex
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 20MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 3

rootLogger.level = info
rootLogger.appenderRef.console.ref = console
rootLogger.appenderRef.file.ref = file
"""


def java_options(heap_mb: int, *, quick_start: bool) -> tuple[str, ...]:
    """Return the Java options of an engine: a fixed heap, taken from the system only as it fills.

    Compiling with C1 alone took Elasticsearch's start from 12 to 9 s and from 17 to 8 CPU seconds (2 cores,
    Java 25); the serial collector spares what the others take for parallel work.
    """
    heap = (f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m", "-XX:-AlwaysPreTouch")
    return (*heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC") if quick_start else (*heap, "-XX:+UseG1GC")
